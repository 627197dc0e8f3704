"""Dataclass fields with documentation, and the command-line options that scripts make of them."""

import argparse
import dataclasses
from pathlib import Path

TYPES = (int, float, str, Path)  # of options; other fields hold several values, and have options of their own


def knob(default, meaning: str):
    """Make a field of a dataclass.

    Args:
        default: Its value, or a function without arguments that makes it.
        meaning: One line, units included.
    """
    kind = {"default_factory": default} if callable(default) else {"default": default}
    return dataclasses.field(**kind, metadata={"meaning": meaning})


def add_options(parser: argparse.ArgumentParser, settings, prefix: str = "", without: tuple[str, ...] = ()) -> None:
    """Add an option for each knob that is one value.

    Args:
        parser: `argparse.ArgumentParser`, or a group of one.
        settings: Dataclass of knobs, whose values are the defaults.
        prefix: Of the options' names in the parsed arguments.
        without: Names of knobs that get no option.
    """
    for field in dataclasses.fields(settings):
        default = getattr(settings, field.name)
        kind = Path if default is None else type(default)
        if kind in TYPES and field.name not in without:
            suffix = "" if default in (None, "") else f" (default: {default})"
            name = f"--{prefix}{field.name}".replace("_", "-")
            parser.add_argument(name, type=kind, default=default, help=field.metadata["meaning"] + suffix)
