"""Parser of a script: argparse, its help in the words of the command that was called."""

import argparse

from seqapp.command_line.spelling import as_called


class _Parser(argparse.ArgumentParser):
    def format_help(self):
        return as_called(super().format_help())


def make_parser(docstring: str) -> argparse.ArgumentParser:
    """A parser that shows a script's docstring, its examples as they stand.

    Example:
        >>> parser = make_parser("Train a recipe.")
        >>> parser.add_argument("--seed", type=int, default=0).dest
        'seed'
    """
    return _Parser(description=docstring, formatter_class=argparse.RawDescriptionHelpFormatter)
