"""Export the best weights of a workdir as one SavedModel: raw strokes in, text out.

python pipelines/export.py runs/quickstart saved_models/quickstart
"""

import argparse
from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workdir", type=Path, help="the workdir of a training")
    parser.add_argument("target", type=Path, help="folder of the model: a new version 1, 2, ... is made in it")
    arguments = parser.parse_args(argv)

    command_line.import_tensorflow()
    from seqapp.serving import export

    print(export(arguments.workdir, arguments.target))


if __name__ == "__main__":
    command_line.run(main)
