"""Command-line options of decoding, and the decoder configuration that they give."""

import argparse
import dataclasses
import math
from pathlib import Path

from seqapp.decoding.config import DecoderConfig, LanguageModelConfig, RescorerConfig

GREEDY = "greedy"
BEAM = "beam"
# Fields and the options that hold their values; the first says how many there are.
LANGUAGE_MODEL = {"file": "language_model", "weight": "alpha", "bonus": "beta"}
RESCORER = {"model": "rescorer", "weight": "rescorer_weight"}
# Options of numbers: what each must be, besides finite.
WEIGHTS = ("alpha", "rescorer_weight", "hotword_boost")
BONUSES = ("beta",)


def add_decoder_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of decoding."""
    options = parser.add_argument_group("decoding")
    options.add_argument(
        "--decoder", help="greedy, beam (default with any option below), or a file of pipelines/tune.py"
    )
    options.add_argument("--language-model", type=Path, nargs="+", default=[], metavar="FILE", help="ARPA files")
    options.add_argument(
        "--alpha", type=float, nargs="+", default=[], help="weight of each language model, 0: none (default: 1)"
    )
    options.add_argument(
        "--beta", type=float, nargs="+", default=[], help="bonus of each, per character or word (default: 1.5)"
    )
    options.add_argument(
        "--rescorer", type=Path, nargs="+", default=[], metavar="MODEL",
        help="recurrent language models, workdirs or SavedModels, that judge the texts found",
    )  # fmt: skip
    options.add_argument("--rescorer-weight", type=float, nargs="+", default=[], help="of each (default: 0.5)")
    options.add_argument("--beam-width", type=int, help="texts kept after each frame (default: 32)")
    options.add_argument(
        "--lexicon", type=Path, help="words, one per line, or a pronunciation dictionary; no other is read"
    )
    options.add_argument("--hotwords", nargs="+", metavar="TEXT", help="words and phrases that are likelier here")
    options.add_argument("--hotword-boost", type=float, help="for each character of these, 0: none (default: 1.5)")


def decoder_config(arguments: argparse.Namespace) -> DecoderConfig | None:
    """Return the config of parsed options; None for greedy decoding.

    Raises:
        ValueError: If options contradict each other, or a number is none that its option can mean.
    """
    _check_numbers(arguments)
    changes = {
        "language_models": _each(arguments, LanguageModelConfig, LANGUAGE_MODEL) or None,
        "rescorers": _each(arguments, RescorerConfig, RESCORER) or None,
        "lexicon": str(arguments.lexicon) if arguments.lexicon else None,
        "hotwords": tuple(arguments.hotwords) if arguments.hotwords else None,
        "hotword_boost": arguments.hotword_boost,
        "beam_width": arguments.beam_width,
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    name = arguments.decoder or (BEAM if changes else GREEDY)
    if name == GREEDY and changes:
        raise ValueError(f"Greedy decoding knows no {', '.join(changes).replace('_', ' ')}. Use --decoder beam.")
    if name == GREEDY:
        return None
    config = DecoderConfig() if name == BEAM else DecoderConfig.load(name)
    config = dataclasses.replace(config, **changes)
    if arguments.hotword_boost is not None and not config.hotwords:
        raise ValueError(f"--hotword-boost {arguments.hotword_boost:g} boosts nothing: expected --hotwords with it.")
    return config


def _check_numbers(arguments):
    for option in (*WEIGHTS, *BONUSES):
        given = getattr(arguments, option)
        for value in given if isinstance(given, list) else [] if given is None else [given]:
            if not math.isfinite(value) or (value < 0 and option in WEIGHTS):
                expected = "a finite number" if option in BONUSES else "a finite number of at least 0"
                raise ValueError(f"--{option.replace('_', '-')} must be {expected}. Received: {value:g}.")
    if arguments.beam_width is not None and arguments.beam_width < 1:
        raise ValueError(f"--beam-width must be a whole number of at least 1. Received: {arguments.beam_width}.")


def decoder_paths(arguments) -> list[str]:
    """Files and folders that decoding will read, for `command_line.expect_paths`; raises as `decoder_config`."""
    config = decoder_config(arguments)
    if config is None:
        return []
    models = [model.file for model in config.language_models] + [rescorer.model for rescorer in config.rescorers]
    return [*models, config.lexicon] if config.lexicon else models


def _each(arguments, kind, options):
    """Return one config for each value of the first option, the others' values beside it."""
    (first, name), *others = options.items()
    count = len(getattr(arguments, name))
    columns = {first: [str(path) for path in getattr(arguments, name)]}
    for field, option in others:
        values = getattr(arguments, option)
        if len(values) not in (0, count):
            option = option.replace("_", "-")
            name = name.replace("_", " ")
            raise ValueError(f"--{option} must be one number per {name}: {count}. Received: {len(values)}.")
        columns |= {field: values} if values else {}
    return tuple(kind(**dict(zip(columns, row))) for row in zip(*columns.values()))


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of estimating an n-gram model."""
    parser.add_argument(
        "--text", type=Path, nargs="+", default=[],
        help="texts in UTF-8, a sentence a line; also .gz and .xz, folders of .txt files and archives (.tar.xz, .zip)",
    )  # fmt: skip
    parser.add_argument("--order", type=int, help="longest n-gram (default: 8 characters, 3 words)")
    parser.add_argument("--words", action="store_true", help="a model of words instead of characters")
    parser.add_argument("--max-ngrams", type=int, help="size of the model: the least useful n-grams are left out")


def expect_model_options(arguments: argparse.Namespace) -> None:
    """Check the options of `add_model_options`, and fill in the order.

    Raises:
        ValueError: If there is nothing to count, or a number that means nothing.
    """
    if not arguments.text and not arguments.dataset:
        raise ValueError("Expected --dataset NAME or --text FILE: what a language model is estimated from.")
    if arguments.order is None:
        arguments.order = 3 if arguments.words else 8
    for option in ("order", "max_ngrams"):
        value = getattr(arguments, option)
        if value is not None and value < 1:
            raise ValueError(f"--{option.replace('_', '-')} must be a whole number of at least 1. Received: {value}.")
