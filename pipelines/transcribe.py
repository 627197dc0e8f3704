"""Read ink: UNIPEN, IAM-OnDB XML, InkML or JSON strokes, as files, folders or archives.

python pipelines/transcribe.py saved_models/unipen line.inkml
python pipelines/transcribe.py saved_models/unipen folder/ --json --picture alignment.png
"""

import argparse
import dataclasses
import json
import logging
from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a SavedModel, the folder of its versions, or a workdir")
    parser.add_argument("inks", type=Path, nargs="+", help="files, folders or archives of ink")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, with positions and confidences")
    parser.add_argument("--picture", type=Path, help="save the alignment picture of the first ink")
    arguments = parser.parse_args(argv)

    command_line.import_tensorflow()
    from seqapp.datasets.ink import check
    from seqapp.datasets.ink_files import read_ink
    from seqapp.datasets.skipped import Skipped
    from seqapp.evaluation.pictures import save_alignment
    from seqapp.models import Transcriber

    transcriber, skipped, inks = Transcriber.load(arguments.model), Skipped(), []
    for path in arguments.inks:
        try:
            for ink in read_ink(path, skipped):
                if reason := check(ink, transcriber.recipe.features.max_points):
                    skipped.add(ink.id, reason)
                else:
                    inks.append(ink)
        except (ValueError, OSError) as error:
            if len(arguments.inks) == 1:
                raise
            skipped.add(str(path), str(error))
    for ink, reading in zip(inks, transcriber.transcribe([ink.points for ink in inks])):
        facts = {"id": ink.id, **dataclasses.asdict(reading)}
        print(json.dumps(facts, ensure_ascii=False) if arguments.json else f"{ink.id}\t{reading.text}")
    for name, reason in skipped.items:
        logging.getLogger("seqapp").warning("skipped %s: %s", name, reason)
    if arguments.picture and inks:
        save_alignment(transcriber, inks[0], arguments.picture)
    return 0 if inks else 1


if __name__ == "__main__":
    command_line.run(main)
