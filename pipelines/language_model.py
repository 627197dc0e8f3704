"""Estimate an n-gram model from transcripts and other texts.

python pipelines/language_model.py saved_models/unipen unipen.arpa --dataset unipen/lines --data-dir ~/corpora
python pipelines/language_model.py runs/an4 an4.arpa --dataset an4 --data-dir ~/an4.tar --text essays.txt
python pipelines/language_model.py runs/unipen books.arpa --text books.tar.xz letters --max-ngrams 1000000
python pipelines/language_model.py runs/an4 words.arpa --text essays.txt --words

Characters need no lexicon and can spell every word. The file is ARPA, as KenLM, SRILM and IRSTLM read and write it.
"""

import itertools
import logging
from pathlib import Path

from seqapp import command_line
from seqapp.decoding.options import add_model_options, expect_model_options

log = logging.getLogger("seqapp")


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    parser.add_argument("target", type=Path, help="the file to write: .arpa, .arpa.gz, or .npz (small)")
    parser.add_argument("--dataset", nargs="+", default=[], help="corpora whose train splits are counted")
    parser.add_argument("--data-dir", type=Path, help="where the corpora lie, as archives or unpacked")
    parser.add_argument("--prepared-dir", type=Path, help="where prepared corpora are kept (default: a cache folder)")
    add_model_options(parser)
    arguments = parser.parse_args(argv)
    expect_model_options(arguments)
    command_line.expect_paths(arguments.model, arguments.data_dir, arguments.text)
    command_line.expect_writable(arguments.target)
    command_line.import_tensorflow()
    from seqapp.decoding.ngram import estimate_encoded, perplexity, write_ngram_model
    from seqapp.decoding.sentences import TextEncoder
    from seqapp.decoding.text_files import read_lines
    from seqapp.input_pipeline.read import read
    from seqapp.models import Transcriber
    from seqapp.text.labels import label_of

    transcriber = Transcriber.load(arguments.model)
    recipe = transcriber.recipe
    encoder = TextEncoder(transcriber.alphabet, "words" if arguments.words else "characters")

    def transcripts(name, split):
        return list(read(name, split, recipe, arguments.data_dir, arguments.prepared_dir)[0].texts)

    texts = [transcripts(name, "train") for name in arguments.dataset]
    lines = (label_of(line, recipe.data) for line in read_lines(arguments.text))
    model = estimate_encoded(*encoder.encode(itertools.chain(*texts, lines)), arguments.order, arguments.max_ngrams)
    write_ngram_model(model, arguments.target)
    log.info("%d texts, %d n-grams up to order %d", encoder.num_texts, len(model) - 1, model.order)
    for name in arguments.dataset:
        if validation := encoder.sentences(transcripts(name, "validation")):
            log.info("perplexity of the transcripts of %s validation: %.3f", name, perplexity(model, validation))
    print(arguments.target)


if __name__ == "__main__":
    command_line.run(main)
