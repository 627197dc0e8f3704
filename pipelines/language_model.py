"""Estimate an n-gram language model from transcripts and texts.

python pipelines/language_model.py saved_models/unipen unipen.arpa --dataset unipen/lines --data-dir ~/corpora
python pipelines/language_model.py runs/an4 an4.arpa --dataset an4 --data-dir ~/an4.tar --text essays.txt --order 6
python pipelines/language_model.py runs/an4 words.arpa --text essays.txt --words --order 3

Characters need no lexicon and can spell every word. The file is ARPA, as KenLM, SRILM and IRSTLM read and write it.
"""

import logging
from pathlib import Path

from seqapp import command_line

log = logging.getLogger("seqapp")


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    parser.add_argument("target", type=Path, help="the file to write, .arpa or .arpa.gz")
    parser.add_argument("--dataset", nargs="+", default=[], help="corpora whose train splits are counted")
    parser.add_argument("--data-dir", type=Path, help="where the corpora lie, as archives or unpacked")
    parser.add_argument("--prepared-dir", type=Path, help="where prepared corpora are kept (default: a cache folder)")
    parser.add_argument("--text", type=Path, nargs="+", default=[], help="text files in UTF-8, a sentence a line")
    parser.add_argument("--order", type=int, default=8, help="longest n-gram (default: 8 characters)")
    parser.add_argument("--words", action="store_true", help="a model of words instead of characters")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.model, arguments.data_dir, arguments.text)
    command_line.expect_writable(arguments.target)

    command_line.import_tensorflow()
    from seqapp.decoding.ngram import estimate, perplexity, write_arpa
    from seqapp.decoding.sentences import read_texts, symbol_sentences, word_sentences
    from seqapp.input_pipeline.read import read
    from seqapp.models import Transcriber
    from seqapp.text.labels import label_of

    transcriber = Transcriber.load(arguments.model)
    recipe = transcriber.recipe

    def sentences(texts):
        return word_sentences(texts) if arguments.words else symbol_sentences(texts, transcriber.alphabet)

    def transcripts(name, split):
        return list(read(name, split, recipe, arguments.data_dir, arguments.prepared_dir)[0].texts)

    texts = [text for name in arguments.dataset for text in transcripts(name, "train")]
    texts += [label_of(line, recipe.data) for line in read_texts(arguments.text)]
    model = estimate(sentences(texts), arguments.order)
    write_arpa(model, arguments.target)
    log.info("%d texts, %d n-grams up to order %d", len(texts), len(model) - 1, model.order)
    for name in arguments.dataset:
        if validation := sentences(transcripts(name, "validation")):
            log.info("perplexity of the transcripts of %s validation: %.3f", name, perplexity(model, validation))
    print(arguments.target)


if __name__ == "__main__":
    command_line.run(main)
