"""Command line of all scripts: parsers, paths, log, exit status, and the command `seqapp`. Floor 0.

    scripts             scripts and recipes by name, in a checkout or installed
    parser              argparse with the spelling of commands as they were called
    paths               mistyped paths are reported before TensorFlow is imported
    corpus_options      --dataset, --data-dir, --prepared-dir and --split
    cache_folder        where prepared corpora and token ids are kept
    targets             unwritable targets are reported before any work
    near_names          names that are near to a mistyped one
    spelling            commands as they were called
    exit_status         a script's main to exit 0, 1, 2 or 130, an error to one line
    recipe_table        what differs from the defaults of a recipe
    log_file            train.log in a workdir
    progress            how far a long step is, at intervals
    tensorflow_import   TensorFlow without its start-up notes
    freed_memory        freed memory stays with the process
    seqapp_command      `seqapp NAME ...`, and the list of commands

Nothing here imports more than the standard library, so that `--help` answers at once.
"""

from seqapp.command_line.corpus_options import add_corpus_options
from seqapp.command_line.exit_status import run
from seqapp.command_line.log_file import keep_log
from seqapp.command_line.parser import make_parser
from seqapp.command_line.paths import expect_paths
from seqapp.command_line.progress import log_progress
from seqapp.command_line.recipe_table import recipe_table
from seqapp.command_line.scripts import find_recipe, main_of, recipe_names
from seqapp.command_line.spelling import command_of
from seqapp.command_line.targets import expect_writable
from seqapp.command_line.tensorflow_import import import_tensorflow

__all__ = [
    "add_corpus_options",
    "command_of",
    "expect_paths",
    "expect_writable",
    "find_recipe",
    "import_tensorflow",
    "keep_log",
    "log_progress",
    "main_of",
    "make_parser",
    "recipe_names",
    "recipe_table",
    "run",
]
