r"""Tune the weights of language models on a validation split.

python pipelines/tune.py saved_models/unipen unipen.json --language-model unipen.arpa --dataset unipen/lines \
    --data-dir ~/corpora
python pipelines/tune.py runs/an4 an4.json --language-model an4.arpa --rescorer runs/letters --dataset an4 \
    --data-dir ~/an4.tar
python pipelines/evaluate.py saved_models/unipen --dataset unipen/lines --data-dir ~/corpora \
    --decoder unipen.json
"""

from pathlib import Path

from seqapp import command_line
from seqapp.decoding.options import add_decoder_options, decoder_config, decoder_paths


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    parser.add_argument("target", type=Path, help="the file to write, .json, for --decoder")
    command_line.add_corpus_options(parser, split="validation")
    parser.add_argument(
        "--confidence-examples", type=int, default=100, metavar="N",
        help="of these the confidence of texts is fitted to N, read clean, damaged and without a text (default: 100)",
    )  # fmt: skip
    parser.add_argument("--calibrate-damaged", action="store_true", help="fit those of words to the N damaged too")
    parser.add_argument("--keep-weights", action="store_true", help="fit confidences alone, to --alpha and --beta")
    add_decoder_options(parser)
    arguments = parser.parse_args(argv)
    config = decoder_config(arguments)
    if config is None or not (config.language_models or config.rescorers):
        parser.error("expected --language-model FILE or --rescorer MODEL: what is to be weighed.")
    command_line.expect_paths(arguments.model, arguments.data_dir, decoder_paths(arguments))
    command_line.expect_writable(arguments.target)

    command_line.import_tensorflow()
    from seqapp.evaluation.tune_decoder import tune_decoder
    from seqapp.input_pipeline.read import read
    from seqapp.language.rescorer import read_rescorers
    from seqapp.models import Transcriber

    transcriber = Transcriber.load(arguments.model)
    folders = arguments.data_dir, arguments.prepared_dir
    examples, _ = read(arguments.dataset, arguments.split, transcriber.recipe, *folders)
    names = "confidence_examples", "calibrate_damaged"
    options = {name: vars(arguments)[name] for name in names} | {"keeps_weights": arguments.keep_weights}
    tuned, best = tune_decoder(transcriber, examples, config, read_rescorers(config), show, **options)
    tuned.save(arguments.target)
    print(*(f"        {trial}" for trial in best.baselines), sep="\n")
    print(f"best    {best}    confidences: temperature {tuned.temperature:.3g}, offset {tuned.offset:.3g}")
    print(arguments.target)


def show(trial):
    print(f"        {trial}", flush=True)


if __name__ == "__main__":
    command_line.run(main)
