"""Figures, colours and files that all plots share: no global state, a repeatable file.

matplotlib's object interface draws with Agg and keeps no list of figures, so plots work without a screen, in
threads and in loops of thousands.
"""

from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

DPI = 150
ERROR = "#c8102e"  # red; an error is also marked by shape or letter, so that it does not hang on colour
INK = "#333333"
QUIET = "#8a8a8a"
FAINT = "#e4e4e4"
WIDTH_IN, HEIGHT_IN = 1600 / DPI, 1000 / DPI


def new_figure(width_in: float = WIDTH_IN, height_in: float = HEIGHT_IN) -> Figure:
    """Return an empty white figure, 1600 x 1000 pixels unless told otherwise."""
    return Figure(figsize=(width_in, height_in), dpi=DPI, facecolor="white")


def save_figure(figure: Figure, path: str | Path) -> Path:
    """Write a figure; the ending names the format (.png, .svg, .pdf). The same figure gives the same bytes.

    Args:
        figure: Any figure.
        path: Its folder is made if it does not exist.

    Returns:
        The path.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Dates and versions in metadata, and random ids in SVG, would change the file of the same picture.
    dated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with matplotlib.rc_context({"svg.hashsalt": "seqapp"}):
        figure.savefig(path, dpi=DPI, metadata=dated.get(path.suffix.lower(), {"Software": None}))
    return path


def plain(text: Text) -> Text:
    """Switch formulas off: "$5 or $6" is text from a corpus."""
    text.set_parse_math(False)
    return text


def title(axis: Axes, text: str) -> None:
    """Put a small heading at the upper left of an axis."""
    plain(axis.set_title(text, loc="left", fontsize=9, color=INK, pad=4))


def footer(figure: Figure, left: str, right: str = "") -> None:
    """Name what was drawn, at the bottom: sample and model."""
    plain(figure.text(0.012, 0.01, left, fontsize=7, color=QUIET, ha="left", va="bottom"))
    plain(figure.text(0.988, 0.01, right, fontsize=7, color=QUIET, ha="right", va="bottom"))


def bare(axis: Axes, *sides: str) -> None:
    """Remove an axis' frame but for the sides named, and tones down its ticks."""
    for side, spine in axis.spines.items():
        spine.set_visible(side in sides)
        spine.set_color(QUIET)
    axis.tick_params(labelsize=7, color=QUIET, labelcolor=INK, length=2.5)
