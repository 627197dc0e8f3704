"""Messages of clients of a live stream: parsing and validation, with errors that say what was expected."""

import json

import numpy as np

from seqapp.serving.server.hotwords import MOST_PHRASES, Phrases, expect_phrases

FARTHEST = 1e6  # coordinates and seconds: float32 still tells points apart


class BadMessage(ValueError):
    """A message that cannot be used. The stream goes on without it."""


class LimitPassed(ValueError):
    """More than a stream may cost. It is closed."""


def parse(text: str, keys: tuple[str, ...]) -> dict:
    """Parse a message, which is one JSON object.

    Args:
        text: As received.
        keys: Those that this kind of stream knows.

    Raises:
        BadMessage: No JSON object, an empty one, or keys that nobody knows.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:  # the latter: brackets as deep as a message is long
        raise BadMessage(f"Expected a JSON object with {_named(keys)}. Received: {_short(text)} ({error}).") from None
    if not isinstance(message, dict) or not message:
        raise BadMessage(f"Expected a JSON object with {_named(keys)}. Received: {_short(text)}.")
    if unknown := message.keys() - set(keys):
        raise BadMessage(f"Expected keys among {_named(keys)}. Received: {_named(sorted(unknown))}.")
    return message


def number(fields: dict, name: str, low: float, high: float, default: float | None = None) -> float:
    """Get a number of an object within bounds.

    Args:
        fields: The object.
        name: Key of the number.
        low: Smallest that is taken.
        high: Largest.
        default: Where there is none.

    Raises:
        BadMessage: Another type, or out of bounds.
    """
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BadMessage(f"Expected {name}: a number from {low:g} to {high:g}. Received: {_short(repr(value))}.")
    return value


def vosk_config_of(message: dict, keys: tuple[str, ...]) -> tuple[dict, list[str]]:
    """Get the object behind `config` as clients of vosk-server send it: with keys of other servers, null for a default,
    and numbers as texts.

    Args:
        message: The message.
        keys: Those that this kind of stream knows.

    Returns:
        The object, and the keys that nobody knows.

    Raises:
        BadMessage: It is no object.
    """
    config = message.get("config", {})
    if not isinstance(config, dict):
        raise BadMessage(f"Expected config: an object with {_named(keys)}. Received: {_short(repr(config))}.")
    ignored = [_short(key) for key in config if key not in keys]
    fields = {key: _as_number(value) for key, value in config.items() if key in keys and value is not None}
    return fields, ignored[:12]


def phrases_of(fields: dict, name: str, before: Phrases, most: int = MOST_PHRASES) -> Phrases:
    """Get a list of words and phrases of an object.

    Args:
        fields: The object.
        name: Key of the list. Vosk's "[unk]", which stands for all other words, is left out: all may be said here.
        before: Where there is no list.
        most: Of words and phrases.

    Raises:
        BadMessage: Another type, or more than can be.
    """
    try:
        return expect_phrases(fields[name], name, most) if name in fields else before
    except ValueError as error:
        raise BadMessage(str(error)) from None


def config_of(message: dict, keys: tuple[str, ...]) -> dict:
    """Get the object behind `config`; an empty one where there is none.

    Raises:
        BadMessage: It is no object, or has keys that nobody knows.
    """
    config = message.get("config", {})
    if not isinstance(config, dict):
        raise BadMessage(f"Expected config: an object with {_named(keys)}. Received: {_short(repr(config))}.")
    if unknown := config.keys() - set(keys):
        raise BadMessage(f"Expected config with keys among {_named(keys)}. Received: {_named(sorted(unknown))}.")
    return config


def points_of(value) -> np.ndarray:
    """Convert the points of one stroke.

    Args:
        value: Parsed JSON.

    Returns:
        Float64 `[n, 2]`, or `[n, 3]` with times.

    Raises:
        BadMessage: Anything but a list of [x, y] or of [x, y, time_s], finite and of an ordinary size.
    """
    expected = f"Expected points: a list of [x, y] or of [x, y, time_s], numbers within {FARTHEST:g}."
    if not isinstance(value, list):
        raise BadMessage(f"{expected} Received: {_short(repr(value))}.")
    if not value:
        return np.zeros((0, 3))
    if not all(isinstance(row, list) and all(type(x) in (int, float) for x in row) for row in value):
        raise BadMessage(f"{expected} Received: {_short(repr(value))}.")
    if {len(row) for row in value} not in ({2}, {3}):
        raise BadMessage(f"{expected} Received: rows of {sorted({len(row) for row in value})[:5]} numbers.")
    try:
        points = np.array(value, np.float64)
    except OverflowError:  # JSON's whole numbers have no end
        points = np.array([[np.inf]])
    if not (np.abs(points) <= FARTHEST).all():
        raise BadMessage(f"{expected} Received: one beyond, or not finite.")
    return points


def strokes_of(value) -> list[np.ndarray]:
    """Convert whole strokes to a list of arrays as of `points_of`.

    Raises:
        BadMessage: As `points_of`.
    """
    if not isinstance(value, list):
        raise BadMessage(f"Expected strokes: a list of lists of points. Received: {_short(repr(value))}.")
    return [points_of(stroke) for stroke in value]


def _as_number(value):
    try:
        return float(value) if isinstance(value, str) and len(value) < 20 else value
    except ValueError:
        return value


def _named(keys):
    return ", ".join(_short(key) for key in list(keys)[:12])


def _short(text):
    return text if len(text) <= 60 else f"{text[:57]}..."
