"""Command-line options of the scripts that serve, and the settings that they make."""

import argparse
import dataclasses
import re
from pathlib import Path

from seqapp.decoding.config import DecoderConfig
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
    parser.add_argument(
        "--decoder", nargs="+", default=[], metavar="MODEL/NAME=FILE", dest="decoders",
        help="tuned decoders, .json, whose language models a request may ask a model for, by NAME",
    )  # fmt: skip
    parser.add_argument("--api-key-file", type=Path, help="one key per line (default: none, open to all who reach it)")
    parser.add_argument(
        "--origin", nargs="+", default=[], dest="origins",
        help="web pages elsewhere that may call, such as https://example.org (default: those of this server alone)",
    )  # fmt: skip
    parser.add_argument(
        "--allowed-host", nargs="+", default=[], dest="allowed_hosts", metavar="NAME",
        help="names with a dot under which clients may ask where no keys are needed, or * (default: this machine's)",
    )  # fmt: skip
    parser.add_argument("--insecure", action="store_true", help="no warning where anybody in the network may ask")


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Make `Settings` of parsed arguments.

    Raises:
        ValueError: A file without keys, a label or decoder that cannot be read, or what `Settings` refuses.
    """
    options = vars(arguments)
    live = LiveLimits(**{field.name: options[f"live_{field.name}"] for field in dataclasses.fields(LiveLimits)})
    keys = read_keys(options["api_key_file"]) if options["api_key_file"] else ()
    special = {
        "live": live,
        "api_keys": keys,
        "origins": tuple(options["origins"]),
        "allowed_hosts": tuple(name.lower() for name in options["allowed_hosts"]),
        "labels": _labels(options["labels"]),
        "decoders": _decoders(options["decoders"]),
    }
    others = {field.name for field in dataclasses.fields(Settings)} & options.keys() - special.keys()
    return Settings(**{name: options[name] for name in others}, **special)


def read_keys(path: Path) -> tuple[str, ...]:
    """Read a file of API keys: one per line; blank lines, and whatever stands behind a # of its own, are comments.

    Raises:
        ValueError: No key in it, a line of several words, or one that no header can carry.
    """
    lines = [re.split(r"(?:^|\s)#", line)[0].strip() for line in path.read_text("utf-8-sig").splitlines()]
    keys = tuple(line for line in lines if line)
    if not keys:  # the server would be open to all
        raise ValueError(f"Expected one key per line in {path}. Received: an empty file.")
    for number, line in enumerate(lines, 1):
        if len(line.split()) > 1:
            raise ValueError(f"Expected one key per line in {path}. Received: several words in line {number}.")
        if line and not (line.isascii() and line.isprintable()):
            raise ValueError(f"Expected keys of ASCII characters, as headers carry them, in {path}: line {number}.")
    return keys


def _labels(texts):
    """Parse "MODEL/LABEL=VERSION"s to {"MODEL": {"LABEL": VERSION}}."""
    labels = {}
    for text in texts:
        name, label, version = _place(text)
        if not (name and label and version.isdigit()):
            raise ValueError(f"Expected --label MODEL/LABEL=VERSION, such as an4/stable=1. Received: {text}")
        labels.setdefault(name, {})[label] = int(version)
    return labels


def _decoders(texts):
    """Parse "MODEL/NAME=FILE"s to {"MODEL": {"NAME": Path}}; files that are no decoders are refused."""
    decoders = {}
    for text in texts:
        model, name, file = _place(text)
        if not (model and name and file):
            raise ValueError(f"Expected --decoder MODEL/NAME=FILE, such as unipen/news=news.json. Received: {text}")
        DecoderConfig.load(file)
        decoders.setdefault(model, {})[name] = Path(file)
    return decoders


def _place(text):
    """Part "MODEL/NAME=VALUE"."""
    place, _, value = text.partition("=")
    model, _, name = place.partition("/")
    return model, name, value
