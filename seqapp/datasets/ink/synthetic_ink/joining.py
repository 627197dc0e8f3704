"""Stroke layout of a text: letters placed on a straight line and joined into words, dots and bars afterwards."""

import numpy as np

from seqapp.datasets.ink.synthetic_ink.glyphs import CAPITALS, CHARACTERS, LETTERS, Glyph
from seqapp.datasets.ink.synthetic_ink.hand import bent, own_glyph
from seqapp.datasets.ink.synthetic_ink.style import Style

# Standard deviations of log width, log height and elevation of a letter: in parts of the sloppiness, and added.
_SLOPPY, _UNEVEN = np.array([0.5, 0.4, 0.3]), np.array([0.02, 0.0, 0.0])
_LOW_ENTRY = -0.4  # y below which a letter ("e") takes up the last one's rising end instead of meeting it


def strokes_of(text: str, style: Style, draw: np.random.Generator) -> list[np.ndarray]:
    """Lay a text out as the control polygons of its strokes, in the order of writing.

    Args:
        text: Characters of glyphs.CHARACTERS, at least one that is not a space.
        style: The hand.
        draw: Source of what differs from one letter to the next.

    Returns:
        Control polygons `[n, 2]`, n >= 2, in x-heights; the writing line at y = 0, y growing down.

    Raises:
        ValueError: The text holds a character without a glyph, or nothing but spaces.
    """
    _check(text)
    strokes: list[np.ndarray] = []
    x = 0.0
    for word in text.split():
        writing = _Word(x, style, draw)
        for position, character in enumerate(word):
            writing.add(character, word[position + 1 : position + 2])
        strokes += writing.strokes + writing.late
        x = writing.x + style.word_gap * draw.uniform(0.75, 1.35)
    return strokes


def _check(text: str) -> None:
    unknown = sorted(set(text) - set(CHARACTERS))
    if unknown:
        raise ValueError(f"text {text!r} has {unknown}: expected only {CHARACTERS!r}; replace or remove them")
    if not text.strip():
        raise ValueError(f"text {text!r}: expected at least one character other than a space")


class _Word:
    """A word being written: its strokes so far, what is still to be dotted, and where the pen is."""

    def __init__(self, x: float, style: Style, draw: np.random.Generator):
        self.x = x
        self.strokes: list[np.ndarray] = []
        self.late: list[np.ndarray] = []
        self._style = style
        self._draw = draw
        self._pen_rests = False  # on the end of a letter that runs on

    def add(self, character: str, following: str) -> None:
        glyph = own_glyph(self._style, character)
        place = _Place(glyph, self.x, self._style, self._draw)
        body = [place(stroke) for stroke in glyph.body]
        if self._pen_rests and glyph.joins_before:
            lead_in = glyph.lead_in if len(glyph.lead_in) else glyph.body[0][:1]
            self.strokes[-1] = _ligature(self.strokes[-1], place.exact(lead_in), body[0][1:])
        else:
            self.strokes += [self._started(glyph, place, body[0]), *body[1:]]
        self._pen_rests = self._runs_on(character, glyph, following)
        self._mark([_late(mark, place, character, self._style, self._draw) for mark in glyph.late])
        self.x = place.right + self._style.spacing * self._draw.uniform(0.5, 1.5)

    def _started(self, glyph: Glyph, place: "_Place", body: np.ndarray) -> np.ndarray:
        """Return the first stroke of a letter that nothing runs into: with or without an up-stroke before it."""
        if not glyph.joins_before:
            return body
        chance = self._draw.random()
        if not len(glyph.lead_in):
            return body if chance < self._style.lead_in or len(body) < 6 else body[1:]
        if chance < 0.3 * self._style.lead_in:  # rare before round letters, where it is not part of the glyph
            return np.concatenate([place.exact(glyph.lead_in), body[1:]])
        return body

    def _runs_on(self, character: str, glyph: Glyph, following: str) -> bool:
        if not (glyph.joins_after and following and following in LETTERS):
            return False
        lifted = 1.0 - self._style.join_capital if character in CAPITALS else self._style.lift
        return bool(self._draw.random() >= lifted and own_glyph(self._style, following).joins_before)

    def _mark(self, marks: list[np.ndarray]) -> None:
        at_once = not self._pen_rests and self._draw.random() < self._style.late_at_once
        (self.strokes if at_once else self.late).extend(marks)


class _Place:
    """Maps a glyph's coordinates to the line's, a little differently for every letter written."""

    def __init__(self, glyph: Glyph, x: float, style: Style, draw: np.random.Generator):
        noise = draw.standard_normal(3) * (style.sloppiness * _SLOPPY + _UNEVEN)
        self._scale = np.exp(noise[:2])
        self._scale[0] *= style.width
        width = float(self._scale[0])
        self._origin = np.array([x - glyph.left * width, noise[2]])
        self._sloppiness = style.sloppiness
        self._draw = draw
        self.right = x + (glyph.right - glyph.left) * width

    def exact(self, polygon: np.ndarray) -> np.ndarray:
        return polygon * self._scale + self._origin

    def __call__(self, polygon: np.ndarray) -> np.ndarray:
        return self.exact(bent(polygon, self._sloppiness, self._draw))


def _ligature(written: np.ndarray, lead_in: np.ndarray, body: np.ndarray) -> np.ndarray:
    """Run the end of one letter into the next: the two points that meet become one, halfway."""
    if lead_in[0, 1] > _LOW_ENTRY:
        return np.concatenate([written[:-1], lead_in, body])
    meeting = 0.5 * (written[-1:] + lead_in[:1])
    return np.concatenate([written[:-1], meeting, lead_in[1:], body])


def _late(mark: np.ndarray, place: _Place, character: str, style: Style, draw: np.random.Generator) -> np.ndarray:
    """Place a dot, bar or cross: written in haste, it misses its letter by more than the body's points do."""
    placed = place(mark)
    shift = draw.normal((style.late_shift, 0.0), 3.0 * style.sloppiness)
    if character == "x":
        return placed + 0.3 * shift
    if character in "tf":
        middle = placed.mean(axis=0)
        tilt = [[0.0, 0.0], [0.0, draw.normal(-0.03, 0.08)]]
        return middle + (placed - middle) * draw.uniform(0.7, 1.5) + tilt + 0.5 * shift
    return placed + shift - [0.0, abs(draw.normal(0.0, 0.2))]
