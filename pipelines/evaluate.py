"""Score a model on a corpus, or compare several models.

python pipelines/evaluate.py runs/quickstart --dataset synthetic_ink --split test
python pipelines/evaluate.py saved_models/unipen --data-dir my_ink.zip --decoder unipen.json --plots pictures
python pipelines/evaluate.py saved_models/an4 runs/mine --dataset an4 --data-dir ~/an4.tar --trn trn
python pipelines/evaluate.py saved_models/an4 --dataset an4 --data-dir ~/an4.tar --conditions level=-34 telephone
"""

from pathlib import Path

from seqapp import command_line
from seqapp.decoding.options import add_decoder_options, decoder_paths


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    models = "workdirs or SavedModels; several are compared with the first, or pooled with a test set each"
    parser.add_argument("models", nargs="+", type=Path, metavar="model", help=models)
    names = "a corpus; recipe: its own; files: what --data-dir holds"
    command_line.add_corpus_options(parser, dataset=names)
    parser.add_argument("--batch-size", type=int, default=32, help="examples at once (default: 32)")
    parser.add_argument("--join-punctuation", action="store_true", help='score "school ." as "school."')
    parser.add_argument("--training-text", type=Path, nargs="+", default=[], help="more training texts, a text a line")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--plots", type=Path, help="folder for pictures of one model: errors, and one alignment")
    parser.add_argument("--trn", type=Path, help="folder for ref.trn and hyp.trn, as sclite reads them")
    parser.add_argument("--conditions", nargs="+", metavar="name", help="damaged too: all, NAME[=STRENGTH], or a file")
    add_decoder_options(parser)
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.models, arguments.data_dir, arguments.training_text, decoder_paths(arguments))
    if (arguments.plots or arguments.conditions) and len(arguments.models) > 1:
        parser.error(f"--plots and --conditions are of one model. Received: {len(arguments.models)}.")

    command_line.import_tensorflow()
    from seqapp.evaluation import pool_or_compare
    from seqapp.evaluation.comparison_report import write_all_trn
    from seqapp.evaluation.conditions.run import conditions_for, report
    from seqapp.evaluation.evaluate import evaluate_corpus
    from seqapp.evaluation.plots.pictures import save_pictures
    from seqapp.transcription.open_transcriber import open_transcriber

    corpus = arguments.dataset, arguments.split, arguments.data_dir, arguments.prepared_dir, arguments.batch_size
    options = {"join_punctuation": arguments.join_punctuation}
    transcribers = [open_transcriber(path, arguments) for path in arguments.models]
    conditions = conditions_for(transcribers[0].sense, arguments.conditions)
    corpus += (None if conditions else arguments.training_text, bool(conditions))
    all_examples, evaluations = zip(*(evaluate_corpus(each, *corpus, **options) for each in transcribers))
    options["normalization"] = transcribers[-1].recipe.data.normalization
    result = pool_or_compare([*map(str, arguments.models)], evaluations, **options)
    print(report(transcribers[0], all_examples[0], result, conditions, arguments, **options), end="")
    if arguments.trn:
        write_all_trn(result, arguments.trn)
    if arguments.plots:
        save_pictures(transcribers[0], all_examples[0], result, arguments.plots)


if __name__ == "__main__":
    command_line.run(main)
