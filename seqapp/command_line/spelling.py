"""Commands as they were called: `python pipelines/train.py` in a checkout, `seqapp train` where that was typed."""

import re
import sys

SEQAPP = "seqapp"
# What help and errors are written in, and what it is called by the command `seqapp`.
SPELLINGS = (
    (re.compile(r"(?:python )?pipelines/recipes/(\w+)\.py"), r"\1"),
    (re.compile(r"(?:python )?pipelines/(\w+)\.py"), rf"{SEQAPP} \1"),
    (re.compile(r"pip install -e '\.\[(\w+)\]'"), rf"pip install '{SEQAPP}[\1]'"),
)


def program_name(script: str) -> str:
    """Name of a script for `sys.argv[0]`, where argparse and `is_seqapp` look for it: "seqapp train"."""
    return f"{SEQAPP} {script}"


def is_seqapp() -> bool:
    """Whether this program was called as `seqapp NAME`."""
    return sys.argv[0].startswith(f"{SEQAPP} ")


def as_called(text: str) -> str:
    """A text with commands of a checkout in it, with the commands of who called `seqapp` instead."""
    for pattern, replacement in SPELLINGS if is_seqapp() else ():
        text = pattern.sub(replacement, text)
    return text


def command_of(script: str, arguments) -> str:
    """A whole command to show: `python pipelines/train.py an4`, or `seqapp train an4`."""
    return as_called(" ".join([f"python pipelines/{script}.py", *map(str, arguments)]))
