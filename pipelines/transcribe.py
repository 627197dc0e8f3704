"""Read ink or speech: UNIPEN, IAM-OnDB XML, InkML, JSON strokes, or any audio, as files, folders or archives.

python pipelines/transcribe.py saved_models/unipen line.inkml
python pipelines/transcribe.py saved_models/unipen folder/ --format json --picture alignment.png
python pipelines/transcribe.py saved_models/an4 talk.flac --format srt
python pipelines/transcribe.py saved_models/an4 recordings/ --format vtt --output subtitles
"""

import argparse
import logging
import sys
from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a SavedModel, the folder of its versions, or a workdir")
    parser.add_argument("inputs", type=Path, nargs="+", help="files, folders or archives of what the model reads")
    parser.add_argument("--format", choices=("txt", "json", "srt", "vtt", "trn"), default="txt", help="default: txt")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument("--output", type=Path, help="a folder for one file each (default: all on stdout)")
    parser.add_argument("--picture", type=Path, help="save the alignment picture of the first one")
    arguments = parser.parse_args(argv)

    command_line.import_tensorflow()
    from seqapp.datasets.skipped import Skipped
    from seqapp.evaluation.pictures import save_alignment
    from seqapp.input_pipeline.read import read_inputs
    from seqapp.models import Transcriber
    from seqapp.serving.transcripts import SUBTITLES, transcript, write_transcripts

    transcriber, skipped = Transcriber.load(arguments.model), Skipped()
    examples = read_inputs(arguments.inputs, transcriber.sense, skipped)
    if arguments.format in SUBTITLES and not arguments.output and len(examples) > 1:
        raise ValueError(
            f"--format {arguments.format} is one file a recording. Received: {len(examples)} recordings. "
            "Add --output FOLDER, or give one of them."
        )
    readings = list(zip(examples.ids, transcriber.transcribe([examples.raw_of(i) for i in range(len(examples))])))
    if arguments.output:
        write_transcripts(readings, arguments.format, arguments.output)
    else:
        sys.stdout.writelines(transcript(name, reading, arguments.format) for name, reading in readings)
    for name, reason in skipped.items:
        logging.getLogger("seqapp").warning("skipped %s: %s", name, reason)
    if arguments.picture and len(examples):
        save_alignment(transcriber, examples, 0, arguments.picture)
    return 0 if len(examples) else 1


if __name__ == "__main__":
    command_line.run(main)
