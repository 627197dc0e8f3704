"""Export a trained model as a SavedModel: raw input to text.

python pipelines/export.py runs/quickstart saved_models/quickstart
python pipelines/export.py runs/an4 saved_models/an4 --format litert_int8 onnx --data-dir ~/an4.tar
python pipelines/export.py runs/bard saved_models/bard
python pipelines/export.py runs/pages saved_models/pages
python pipelines/export.py saved_models/unipen saved_models/unipen --decoder unipen.json

The best weights of the workdir are taken, or those of a SavedModel. With a decoder, the language model stands in the
graph: whoever asks the model for a text gets one that was read with context.
"""

from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("workdir", type=Path, help="the workdir of a training, or a SavedModel")
    parser.add_argument("target", type=Path, help="folder of the model: a new version 1, 2, ... is made in it")
    parser.add_argument(
        "--format", nargs="+", choices=("litert", "litert_int8", "onnx"), default=[], dest="formats",
        help="beside the SavedModel, its network alone, features to log_probs, one example at a time, as another file",
    )  # fmt: skip
    parser.add_argument("--data-dir", type=Path, help="the model's corpus: scores files of --format on its validation")
    parser.add_argument("--decoder", type=Path, help="file of pipelines/tune.py: one n-gram model of characters")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.workdir, arguments.decoder, arguments.data_dir)

    command_line.import_tensorflow()
    from seqapp.language import export as language
    from seqapp.models.line_finder import export as line_finder
    from seqapp.models.line_finder.line_finder import is_line_finder
    from seqapp.models.model_folder import VOCABULARY

    if is_line_finder(arguments.workdir):
        print(export_plainly(arguments, line_finder, "a line finder"))
    elif (arguments.workdir / VOCABULARY).is_file():
        print(export_plainly(arguments, language, "a language model"))
    else:
        print(export_recognizer(arguments))


def export_plainly(arguments, module, kind):
    if arguments.formats or arguments.decoder:
        raise ValueError(f"--format, --decoder: expected a recognizer. Received: {arguments.workdir}, {kind}.")
    return module.export(arguments.workdir, arguments.target)


def export_recognizer(arguments):
    from seqapp.decoding.config import DecoderConfig
    from seqapp.serving.export import export

    decoder = DecoderConfig.load(arguments.decoder) if arguments.decoder else None
    return export(arguments.workdir, arguments.target, arguments.formats, decoder, arguments.data_dir)


if __name__ == "__main__":
    command_line.run(main)
