"""Compare an n-gram model with KenLM's and torch.nn.LSTM.

python pipelines/compare_ngrams.py saved_models/unipen saved_models/context/english.npz --held-out web.txt novel.txt
python pipelines/compare_ngrams.py saved_models/unipen saved_models/context/english.npz --held-out web.txt novel.txt \
    --text english.txt --dataset unipen/lines --data-dir ~/corpora --lmplz kenlm/build/bin/lmplz --torch-minutes 2

Bits per token of held-out texts, ends of sentences counted. The others need KenLM's lmplz, and PyTorch.
"""

import itertools
from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a recogniser, whose alphabet texts are spelled with")
    parser.add_argument("language_model", type=Path, help="of characters: .npz or .arpa")
    parser.add_argument("--held-out", type=Path, nargs="+", required=True, help="texts, a sentence a line")
    parser.add_argument("--text", type=Path, nargs="+", default=[], help="texts that the others are made from")
    parser.add_argument("--dataset", nargs="+", default=[], help="corpora whose train splits are added to it")
    parser.add_argument("--data-dir", type=Path, help="where the corpora lie, as archives or unpacked")
    parser.add_argument("--prepared-dir", type=Path, help="where prepared corpora are kept (default: a cache folder)")
    parser.add_argument("--lmplz", type=Path, help="KenLM's program")
    parser.add_argument("--order", type=int, default=6, help="of KenLM's model (default: 6)")
    parser.add_argument("--torch-minutes", type=float, help="core-minutes that torch.nn.LSTM is trained for")
    parser.add_argument("--parameters", type=int, default=1_250_000, help="of torch.nn.LSTM (default: 1250000)")
    arguments = parser.parse_args(argv)
    if (arguments.lmplz or arguments.torch_minutes) and not (arguments.text or arguments.dataset):
        parser.error("expected --text or --dataset: what the others are made from.")
    command_line.expect_paths(arguments.model, arguments.language_model, arguments.held_out, arguments.text)
    command_line.expect_paths(arguments.data_dir, arguments.lmplz)
    command_line.import_tensorflow()
    from seqapp.benchmark.ngram_comparison import kenlm, measure, spelled, torch_lstm
    from seqapp.decoding.ngram import read_ngram_model
    from seqapp.decoding.text_files import read_lines
    from seqapp.input_pipeline.read import read
    from seqapp.models import Transcriber
    from seqapp.text.labels import label_of

    transcriber = Transcriber.load(arguments.model)
    recipe, alphabet, folders = transcriber.recipe, transcriber.alphabet, (arguments.data_dir, arguments.prepared_dir)

    def texts_of(paths):
        return spelled((label_of(line, recipe.data) for line in read_lines(paths)), alphabet)

    held_out = {path.stem: texts_of([path]) for path in arguments.held_out}
    print(measure("ours", read_ngram_model(arguments.language_model), alphabet, held_out), flush=True)
    transcripts = [read(name, "train", recipe, *folders)[0].texts for name in arguments.dataset]
    texts = spelled(itertools.chain(*transcripts), alphabet) + texts_of(arguments.text)
    if arguments.lmplz:
        model, core_s = kenlm(arguments.lmplz, arguments.order, texts, alphabet)
        print(measure(f"KenLM, order {arguments.order}", model, alphabet, held_out, core_s), flush=True)
    if arguments.torch_minutes:
        print(torch_lstm(arguments.parameters, arguments.torch_minutes, texts, held_out))


if __name__ == "__main__":
    command_line.run(main)
