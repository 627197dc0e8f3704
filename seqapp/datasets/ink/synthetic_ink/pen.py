"""Synthetic pen ink of any text: layout, drawing, motion."""

import numpy as np

from seqapp.datasets.ink.synthetic_ink.drawing import path_of
from seqapp.datasets.ink.synthetic_ink.joining import strokes_of
from seqapp.datasets.ink.synthetic_ink.motion import points_of
from seqapp.datasets.ink.synthetic_ink.style import Style


def write(text: str, style: Style | int = 0, seed: int = 0) -> np.ndarray:
    """Write a text by hand.

    Args:
        text: Characters of `glyphs.CHARACTERS`, at least one that is not a space.
        style: The hand, or the number of a writer whose hand it is.
        seed: What differs when the same writer writes the same text again, >= 0.

    Returns:
        Float32 `[N, 4]`: x, y (device units, y down), time_s from 0 at about 100 points per second, and pen_up.

    Raises:
        ValueError: The text is blank or holds a character without a glyph.

    Example:
        >>> points = write("hello", style=7, seed=1)
        >>> points.shape[1], float(points[0, 2]), float(points[-1, 3])
        (4, 0.0, 1.0)
    """
    style = style if isinstance(style, Style) else Style.of_writer(style)
    draw = np.random.default_rng(style.seed("text", text, seed))
    path, ends = path_of(strokes_of(text, style, draw), style, draw)
    return points_of(path, ends, style, draw)
