"""Letter skeletons: the control points a pen visits for each character, ready to be joined.

Cursive letters and script capitals come from the Hershey face "scripts", digits and plain capitals from
"futural": both are single-stroke. A font draws each letter on its own; cursive needs three things more, and
they are added here: letters of several strokes are chained into one, round letters get a lead-in over the
top, and dots, bars and crosses are set apart so that they can be written after the word.

Reference: A. V. Hershey, "Calligraphy for Computers", 1967; the faces as packaged by Hershey-Fonts.
"""

import dataclasses
import functools
import string

import numpy as np
from HersheyFonts import HersheyFonts

from seqapp.datasets.ink.synthetic_ink.allographs import JOINED, MARKS, PRINTED, Form, read_strokes

BASELINE = 9.0  # y of the writing line in Hershey units; the faces grow downwards
X_HEIGHT = 9.0  # height of "x" above the baseline, in the same units: one of ours
LETTERS = string.ascii_lowercase
CAPITALS = string.ascii_uppercase
CHARACTERS = " " + LETTERS + CAPITALS + string.digits + ".,?!'-:;\"()&/"  # everything that can be written

# Lead-ins for letters that start away from their left edge: the pen rises over the bowl, then turns back.
_OVER_THE_TOP = ((-6, 4), (-4.5, 1.8), (-2, -0.2), (1, -0.5), (2.8, 0.6))
_LEAD_IN = {
    **dict.fromkeys("adgq", _OVER_THE_TOP),
    "c": ((-5, 4), (-3.5, 1.6), (-1.5, 0), (1, -0.3), (2.3, 0.8)),
    "o": ((-6, 4), (-4.5, 1.8), (-2.5, 0.1)),
    "w": ((-9, 4), (-7.6, 1.5)),
}
_LATE_STROKE = {"i": 0, "j": 0, "t": 2, "x": 1}  # index in the face's glyph
_CURSIVE_DOT = ((1.4, -5.2), (1.7, -4.2))
_JOINING_CAPITALS = frozenset("ACEHKLMNQRUZ")  # script capitals that leave to the right, near the baseline


@dataclasses.dataclass(frozen=True)
class Glyph:
    """One way of writing one character, in x-heights from the baseline; y grows down: ascenders are negative.

    Attributes:
        body: Control polygons `[n, 2]`, one per stroke; a letter that joins has exactly one.
        late: Control polygons of dots, bars and crosses, written after the word.
        left: Left edge of the character's room.
        right: Right edge.
        lead_in: Control polygon `[n, 2]` that replaces the body's first point after a letter that runs on.
        joins_before: Whether the preceding letter may run into it.
        joins_after: Whether it may run into the following letter.
    """

    body: tuple[np.ndarray, ...]
    late: tuple[np.ndarray, ...]
    left: float
    right: float
    lead_in: np.ndarray
    joins_before: bool = False
    joins_after: bool = False


@functools.cache
def joined_forms(letter: str) -> tuple[Glyph, ...]:
    """Return the cursive forms of a small letter: each runs on from its left into its right neighbour."""
    strokes = _face("scripts")[letter].strokes
    late = _LATE_STROKE.get(letter)
    body = [point for index, stroke in enumerate(strokes) if index != late for point in stroke]
    marks = () if late is None else (_CURSIVE_DOT if letter in "ij" else strokes[late],)
    joins = {"lead_in": _LEAD_IN.get(letter, ()), "joins_before": True, "joins_after": True}
    forms = [_glyph((body,), marks, *_edges("scripts", letter), **joins)]
    if letter in JOINED:
        forms.append(_drawn(JOINED[letter], **joins))
    return tuple(forms)


@functools.cache
def plain_form(character: str) -> Glyph:
    """Return the unjoined form of any character: a printed letter, a plain capital, a digit or a mark.

    Args:
        character: One of CHARACTERS, except the space.

    Returns:
        The glyph.

    Raises:
        ValueError: There is no glyph for the character.
    """
    if character in PRINTED:
        return _drawn(PRINTED[character])
    if character in MARKS:
        strokes = read_strokes(MARKS[character])
        room = 0.4 + max(abs(x) for stroke in strokes for x, _ in stroke)
        return _glyph(strokes, (), -room, room)
    if len(character) == 1 and character in CHARACTERS.strip():
        return _glyph(_chained(_face("futural")[character].strokes), (), *_edges("futural", character))
    raise ValueError(f"no glyph for {character!r}: expected one of {CHARACTERS!r}; replace or remove it")


@functools.cache
def script_capital(letter: str) -> Glyph:
    """Return the cursive form of a capital; only those that end near the baseline run on."""
    strokes = _chained(_face("scripts")[letter].strokes)
    return _glyph(strokes, (), *_edges("scripts", letter), joins_after=letter in _JOINING_CAPITALS)


def _drawn(form: Form, **joins) -> Glyph:
    return _glyph(read_strokes(form.body), read_strokes(form.late), form.left, form.right, **joins)


def _glyph(body, late, left, right, lead_in=(), **joins) -> Glyph:
    polygons = (tuple(map(_scaled, body)), tuple(map(_scaled, late)))
    return Glyph(*polygons, left / X_HEIGHT, right / X_HEIGHT, _scaled(lead_in), **joins)


def _scaled(points) -> np.ndarray:
    points = np.asarray(points, np.float64).reshape(-1, 2)
    return (points - [0.0, BASELINE]) / X_HEIGHT


def _chained(strokes) -> list[list[tuple[float, float]]]:
    """Join strokes that meet: a stroke may be turned round, so that "V" goes down and up without a lift."""
    chained = [list(strokes[0])]
    for stroke in strokes[1:]:
        end = chained[-1][-1]
        if _near(end, stroke[0]):
            chained[-1].extend(stroke)
        elif _near(end, stroke[-1]):
            chained[-1].extend(stroke[::-1])
        else:
            chained.append(list(stroke))
    return chained


def _near(point, other) -> bool:
    return bool(np.hypot(point[0] - other[0], point[1] - other[1]) <= 1.5)


def _edges(face: str, character: str) -> tuple[float, float]:
    glyph = _face(face)[character]
    return glyph.left_offset, glyph.left_offset + glyph.char_width


@functools.cache
def _face(name: str) -> dict:
    fonts = HersheyFonts()
    fonts.load_default_font(name)
    return fonts.all_glyphs
