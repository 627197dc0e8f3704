"""Command line options of the benchmark: subcommands, sizes and their defaults."""

import argparse
from pathlib import Path

from seqapp.command_line import add_corpus_options
from seqapp.decoding.options import add_decoder_options

SENSES = {
    "rnn": "recurrent layers", "ctc": "CTC losses", "features": "ink and audio",
    "input": "batches of the recipes", "stream": "one streaming step",
    "models": "whole models, raw input to text", "next_word": "words that may follow a text",
    "decoders": "searches in one real example", "latency": "answers of a recogniser, whole and live",
    "shapes": "shapes of batches for a step that is compiled whole",
    "resume": "plans of batches of a large corpus, from a later epoch",
}  # fmt: skip
SIZES = {
    "rnn": {"batch": (16, "rows B"), "frames": (512, "frames T"), "units": (256, "features F and units H")},
    "ctc": {
        "batch": (16, "rows B"), "frames": (1000, "frames T"),
        "symbols": (80, "classes K, the blank included"), "labels": (80, "labels U of a row"),
    },
    "features": {"lines": (64, "lines of ink"), "audio-s": (60, "seconds of the waveform")},
    "input": {
        "examples": (48, "made-up examples of a recipe"), "steps": (6, "batches that are timed"),
        "frames": (800, "feature frames of an example, about"),
        "gpu-frames-per-s": (500_000, "frames that a GPU is fed with, to tell the cores that it wants"),
    },
    "stream": {
        "units": (256, "features F and units H"), "layers": (3, "layers"), "calls": (1000, "steps that are timed"),
    },
    "models": {},
    "next_word": {"length": (60, "characters of the text"), "calls": (100, "answers that are timed")},
    "decoders": {},
    "latency": {"requests": (50, "examples of the split, spread over it")},
    "shapes": {
        "examples": (28_539, "examples of the corpus"), "frames": (1_650, "feature frames of the longest"),
    },
    "resume": {"examples": (281_241, "examples of the corpus"), "epoch": (20, "the epoch that is resumed in")},
}  # fmt: skip


def add_senses(parser: argparse.ArgumentParser) -> None:
    """Give a parser one subcommand per sense."""
    senses = parser.add_subparsers(dest="sense", required=True)
    for sense, meaning in SENSES.items():
        options = senses.add_parser(sense, help=meaning)
        is_counted = sense in ("shapes", "resume") or {"calls", "steps", "requests"} & set(SIZES[sense])
        sizes = SIZES[sense] | ({} if is_counted else {"repeats": (7, "repetitions")})
        for name, (default, size) in {**sizes, "threads": (2, "CPU threads of every library")}.items():
            options.add_argument(f"--{name}", type=positive, default=default, help=f"{size} (default: {default})")
        options.add_argument("--only", nargs="+", default=[], metavar="TEXT", help="rows whose name holds one of these")
        options.add_argument("--json", action="store_true", help="print a list of rows instead of a table")
        if sense == "rnn":
            _add_curves(options)
        if sense == "input":
            options.add_argument(
                "--simulated-cores",
                type=positive,
                metavar="N",
                help="rows that sleep, side by side for N cores, instead",
            )
        if sense == "models":
            options.add_argument(
                "folder", nargs="?", type=Path, default=Path("saved_models"), help="that holds an4 or unipen"
            )
        if sense == "decoders":
            _add_example(options)
        if sense == "latency":
            _add_corpus(options)


def _add_curves(options):
    curves = options.add_mutually_exclusive_group()
    curves.add_argument(
        "--lengths", type=positive, nargs="+", metavar="T", help="time and memory of min_gru for each length"
    )
    curves.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw cost against T, H and B around these sizes (minutes)"
    )


def _add_example(options):
    options.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    options.add_argument("example", type=Path, help="a file, folder or archive; its first usable example is read")
    add_decoder_options(options)


def _add_corpus(options):
    options.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    add_corpus_options(options, split="validation")


def positive(text: str) -> int:
    """Parse a whole number from 1 on."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {number}")
    return number
