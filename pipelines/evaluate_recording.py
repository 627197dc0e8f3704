"""Score a speech model on a long recording and its parts.

python pipelines/evaluate_recording.py saved_models/an4 --dataset an4 --data-dir ~/an4.tar
python pipelines/evaluate_recording.py runs/mine --data-dir my_recordings/ --minutes 10 --seed 1

The recording is read as a file of any length is: cut at pauses, in constant memory.
"""

from pathlib import Path

from seqapp import command_line
from seqapp.decoding.options import add_decoder_options, decoder_paths


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    command_line.add_corpus_options(parser)
    parser.add_argument("--minutes", type=float, default=60.0, help="least length of the recording (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="of order, pauses and noise (default: 0)")
    add_decoder_options(parser)
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.model, arguments.data_dir, decoder_paths(arguments))

    command_line.import_tensorflow()
    from seqapp.evaluation.long_recording import recording_to_text
    from seqapp.input_pipeline.read import read
    from seqapp.transcription.open_transcriber import open_transcriber
    from seqapp.transcription.recording.long_evaluation import evaluate_recording

    transcriber = open_transcriber(arguments.model, arguments)
    folders = arguments.data_dir, arguments.prepared_dir
    examples, _ = read(arguments.dataset, arguments.split, transcriber.recipe, *folders)
    print(recording_to_text(evaluate_recording(transcriber, examples, arguments.minutes, arguments.seed)), end="")


if __name__ == "__main__":
    command_line.run(main)
