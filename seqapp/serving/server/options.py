"""Command-line options of the scripts that serve, and the settings that they make."""

import argparse
import dataclasses
from pathlib import Path

from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.option_fields import add_options
from seqapp.serving.server.settings import Settings


def add_server_options(parser: argparse.ArgumentParser, without: tuple[str, ...] = ()) -> None:
    """Add the folder of models, and an option for each knob of `Settings`.

    Args:
        parser: `argparse.ArgumentParser`.
        without: Names of knobs that somebody else takes care of.
    """
    parser.add_argument("models", type=Path, help="a folder NAME/VERSION/, the folder of one model, or one version")
    add_options(parser, Settings(), without=without)
    add_options(parser.add_argument_group("live streams"), LiveLimits(), "live_")
    parser.add_argument("--label", nargs="+", default=[], metavar="MODEL/LABEL=VERSION", dest="labels")
    parser.add_argument("--api-key-file", type=Path, help="one key per line (default: none, open to all who reach it)")
    parser.add_argument("--origin", nargs="+", default=[], dest="origins", help="web pages elsewhere that may call")


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Make `Settings` of parsed arguments.

    Raises:
        ValueError: A file without keys, a label that cannot be read, or what `Settings` refuses.
    """
    options = vars(arguments)
    live = LiveLimits(**{field.name: options[f"live_{field.name}"] for field in dataclasses.fields(LiveLimits)})
    keys = options["api_key_file"].read_text("utf-8").split() if options["api_key_file"] else ()
    if options["api_key_file"] and not keys:  # the server would be open to all
        raise ValueError(f"Expected one key per line in {options['api_key_file']}. Received: an empty file.")
    special = {
        "live": live,
        "api_keys": tuple(keys),
        "origins": tuple(options["origins"]),
        "labels": _labels(options["labels"]),
    }
    others = {field.name for field in dataclasses.fields(Settings)} & options.keys() - special.keys()
    return Settings(**{name: options[name] for name in others}, **special)


def _labels(texts):
    """Parse "MODEL/LABEL=VERSION"s to {"MODEL": {"LABEL": VERSION}}."""
    labels = {}
    for text in texts:
        place, _, version = text.partition("=")
        name, _, label = place.partition("/")
        if not (name and label and version.isdigit()):
            raise ValueError(f"Expected --label MODEL/LABEL=VERSION, such as an4/stable=1. Received: {text}")
        labels.setdefault(name, {})[label] = int(version)
    return labels
