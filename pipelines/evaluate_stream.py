"""Score a speech model on streamed audio: errors and latency.

python pipelines/evaluate_stream.py saved_models/an4_streaming --dataset an4 --data-dir ~/an4.tar
python pipelines/evaluate_stream.py runs/an4_streaming --data-dir my_recordings/ --chunks-ms 20 100 --minutes 0
python pipelines/evaluate_stream.py runs/an4_streaming --dataset an4 --data-dir ~/an4.tar --decoder an4.json

Errors of chunks stand beside those of whole utterances. Everything runs on one thread. Utterances are heard to
their end; the long stream is cut by the default endpoints.
"""

from pathlib import Path

from seqapp import command_line
from seqapp.decoding.options import add_decoder_options, decoder_paths


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    command_line.add_corpus_options(parser)
    parser.add_argument("--chunks-ms", type=float, nargs="+", default=(40.0, 160.0, 640.0), help="default: 40 160 640")
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the long stream (default: 60; 0: none)")
    parser.add_argument("--join-punctuation", action="store_true", help='score "school ." as "school."')
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_decoder_options(parser)
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.model, arguments.data_dir, decoder_paths(arguments))

    from seqapp.benchmark.threads import start_tensorflow

    start_tensorflow(1)
    from seqapp.evaluation.streaming.chunkwise import evaluate_streaming
    from seqapp.evaluation.streaming.report import streaming_to_json, streaming_to_text
    from seqapp.input_pipeline.read import read
    from seqapp.models import Endpointing
    from seqapp.transcription.open_transcriber import open_transcriber

    transcriber = open_transcriber(arguments.model, arguments)
    examples, skipped = read(
        arguments.dataset, arguments.split, transcriber.recipe, arguments.data_dir, arguments.prepared_dir
    )
    evaluation = evaluate_streaming(
        transcriber, examples, skipped, arguments.chunks_ms, Endpointing(), arguments.minutes,
        normalization=transcriber.recipe.data.normalization, join_punctuation=arguments.join_punctuation,
    )  # fmt: skip
    print(streaming_to_json(evaluation) if arguments.json else streaming_to_text(evaluation), end="")


if __name__ == "__main__":
    command_line.run(main)
