"""Letter shapes of one writer: form, loops and bends of each letter, fixed by the writer's number."""

import dataclasses
import functools

import numpy as np

from seqapp.datasets.ink.synthetic_ink.glyphs import (
    BASELINE,
    CAPITALS,
    LETTERS,
    X_HEIGHT,
    Glyph,
    joined_forms,
    plain_form,
    script_capital,
)
from seqapp.datasets.ink.synthetic_ink.style import Style

# The middle of each loop, as x at y = -4 (ascenders) or 15 (descenders), and dx/dy there, in Hershey units.
_UPPER_LOOP = {"b": -1.6, "h": -1.6, "k": -1.6, "l": 0.4, "f": 1.4}
_LOWER_LOOP = {"g": -3.0, "y": -3.0, "z": -3.0, "j": -7.0, "f": -5.4}
_UPPER_SLOPE, _LOWER_SLOPE = -0.32, -0.5


@functools.lru_cache(maxsize=16384)
def own_glyph(style: Style, character: str) -> Glyph:
    """Return a writer's way of writing a character.

    Args:
        style: The hand.
        character: One of glyphs.CHARACTERS, except the space.

    Returns:
        The glyph, its shape fixed by the writer's number.
    """
    draw = np.random.default_rng(style.seed("glyph", character))
    glyph = _form(style, character, draw)
    body = glyph.body
    if glyph.joins_before and (character in _UPPER_LOOP or character in _LOWER_LOOP):
        body = [_with_loops(stroke, character, style) for stroke in body]
    return dataclasses.replace(glyph, body=tuple(bent(stroke, style.oddity, draw) for stroke in body))


def bent(polygon: np.ndarray, amplitude: float, draw: np.random.Generator) -> np.ndarray:
    """Displace control points `[n, 2]` by noise that neighbours share: a bent letter, not a jagged one."""
    noise = amplitude * draw.standard_normal((len(polygon) + 2, 2))
    return polygon + 0.58 * (noise[:-2] + noise[1:-1] + noise[2:])


def _form(style: Style, character: str, draw: np.random.Generator) -> Glyph:
    printed = draw.random()
    if character in CAPITALS:
        return plain_form(character) if printed < style.printed_capitals else script_capital(character)
    if character in LETTERS and printed >= style.printing:
        forms = joined_forms(character)
        return forms[draw.integers(len(forms))]
    return plain_form(character)


def _with_loops(polygon: np.ndarray, character: str, style: Style) -> np.ndarray:
    x, y = polygon.T * X_HEIGHT
    y = y + BASELINE
    if character in _UPPER_LOOP:
        share = np.clip(-y / 4.0, 0.0, 1.0)
        middle = _UPPER_LOOP[character] + _UPPER_SLOPE * (y + 4.0)
        x = x + share * (style.upper_loop - 1.0) * (x - middle)
    if character in _LOWER_LOOP:
        share = np.clip((y - 10.0) / 4.0, 0.0, 1.0)
        middle = _LOWER_LOOP[character] + _LOWER_SLOPE * (y - 15.0)
        x = x + share * (style.lower_loop - 1.0) * (x - middle)
    return np.stack([x / X_HEIGHT, polygon[:, 1]], axis=1)
