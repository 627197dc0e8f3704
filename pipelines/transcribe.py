"""Read ink, speech or line images: UNIPEN, IAM-OnDB XML, InkML, JSON strokes; any audio; images, ALTO, PAGE; folders.

python pipelines/transcribe.py saved_models/unipen folder/ --format json --picture alignment.png
python pipelines/transcribe.py saved_models/an4 recordings/ --format vtt --output subtitles
python pipelines/transcribe.py saved_models/copiste pages/ --format xml --output transcribed
python pipelines/transcribe.py saved_models/an4 talk.flac --language-model names.arpa --hotwords "kathleen booth"
python pipelines/transcribe.py saved_models/an4_streaming --stream talk.flac
arecord -q -t raw -f S16_LE -r 16000 | python pipelines/transcribe.py saved_models/an4_streaming --stream -
"""

import argparse
import logging
from pathlib import Path

from seqapp import command_line
from seqapp.decoding.options import add_decoder_options


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a SavedModel, the folder of its versions, or a workdir")
    parser.add_argument("inputs", type=Path, nargs="+", help="files, folders or archives of what the model reads")
    parser.add_argument(
        "--format", choices=("txt", "json", "srt", "vtt", "trn", "xml"), default="txt",
        help="default: txt; xml: the ALTO or PAGE that was given, with the text in it",
    )  # fmt: skip
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument("--output", type=Path, help="a folder for one file each (default: all on stdout)")
    parser.add_argument("--picture", type=Path, help="save the alignment picture of the first one")
    live = parser.add_argument_group("audio while it is spoken (txt: start, end, text; json: partial ones too)")
    live.add_argument("--stream", action="store_true", help="one audio file, microphone, or - (raw int16 at 16 kHz)")
    live.add_argument("--chunk-ms", type=float, default=160.0, help="audio heard at once (default: 160)")
    live.add_argument("--realtime", action="store_true", help="a file no faster than it was spoken")
    live.add_argument(
        "--endpoint", type=float, nargs=3, default=(1.2, 2.4, 20.0), metavar=("PAUSE_S", "SILENCE_S", "LENGTH_S"),
        help="what ends an utterance: silence after words, silence alone, length; inf: never (default: 1.2 2.4 20)",
    )  # fmt: skip
    add_decoder_options(parser)
    arguments = parser.parse_args(argv)
    command_line.import_tensorflow()
    return (listen if arguments.stream else read)(arguments)


def listen(given):
    from seqapp.decoding.options import decoder_config
    from seqapp.serving.live import listen

    if decoder_config(given):
        raise ValueError("--stream decodes greedily. Leave out the options of decoding, or --stream.")
    listen(given.model, given.inputs, given.format, given.chunk_ms, given.endpoint, given.realtime)


def read(arguments):
    from seqapp.datasets.skipped import Skipped
    from seqapp.evaluation.pictures import save_alignment
    from seqapp.input_pipeline.read import read_inputs
    from seqapp.models import Transcriber
    from seqapp.models.decoding_with import decoding_with
    from seqapp.serving.layouts import write_layouts
    from seqapp.serving.transcripts import write_transcripts

    transcriber, skipped = decoding_with(arguments, Transcriber.load(arguments.model)), Skipped()
    examples = read_inputs(arguments.inputs, transcriber.sense, skipped)
    readings = transcriber.transcribe([examples.raw_of(i) for i in range(len(examples))])
    if arguments.format == "xml":
        write_layouts(arguments.inputs, dict(zip(examples.ids, readings)), arguments.output)
    else:
        write_transcripts(list(zip(examples.ids, readings)), arguments.format, arguments.output)
    for name, reason in skipped.items:
        logging.getLogger("seqapp").warning("skipped %s: %s", name, reason)
    if arguments.picture and len(examples):
        save_alignment(transcriber, examples, 0, arguments.picture)
    return 0 if len(examples) else 1


if __name__ == "__main__":
    command_line.run(main)
