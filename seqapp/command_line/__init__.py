"""Command line of all scripts: parsers, paths, log, exit status, and the command `seqapp`. Floor 0.

    scripts             scripts and recipes by name, in a checkout or installed
    parser              argparse with the spelling of commands as they were called
    paths               mistyped paths are reported before TensorFlow is imported
    near_names          names that are near to a mistyped one
    spelling            commands as they were called
    exit_status         a script's main to exit 0, 1, 2 or 130, an error to one line
    tensorflow_import   TensorFlow without its start-up notes
    seqapp_command      `seqapp NAME ...`, and the list of commands

Nothing here imports more than the standard library, so that `--help` answers at once.
"""

from seqapp.command_line.exit_status import run
from seqapp.command_line.parser import make_parser
from seqapp.command_line.paths import expect_paths
from seqapp.command_line.scripts import find_recipe, main_of, recipe_names
from seqapp.command_line.spelling import command_of
from seqapp.command_line.tensorflow_import import import_tensorflow

__all__ = [
    "command_of",
    "expect_paths",
    "find_recipe",
    "import_tensorflow",
    "main_of",
    "make_parser",
    "recipe_names",
    "run",
]
