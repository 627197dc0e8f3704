"""Text panel of the alignment plots: reference and hypothesis as boxes at the frames of their characters."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from seqapp.evaluation.glyphs import visible
from seqapp.evaluation.plots.alignment_columns import Column
from seqapp.evaluation.plots.figure import ERROR, INK, QUIET, bare, plain
from seqapp.evaluation.plots.ink import CHARACTER_COLOURS


def draw_texts(axis: Axes, columns: Sequence[Column], num_frames: int, frame_times_s: np.ndarray | None) -> None:
    """Draw the reference above the hypothesis, over the frames: errors red, a missing one dotted."""
    edges = _edges(np.array([column.position for column in columns]), num_frames)
    size = _font_size(np.diff(edges) * axis.bbox.width / max(num_frames, 1) * 72 / axis.figure.dpi)
    for column, left, right in zip(columns, edges[:-1], edges[1:], strict=True):
        _draw_box(axis, left, right, 1.0, column.reference, column.correct, INK, size)
        colour = CHARACTER_COLOURS[column.symbol_index % len(CHARACTER_COLOURS)]
        _draw_box(axis, left, right, 0.0, column.hypothesis, column.correct, colour, size)
    axis.set_ylim(-0.06, 2.0)
    axis.set_yticks([1.5, 0.5], ["written", "read"], fontsize=7)
    bare(axis, "bottom")
    axis.tick_params(axis="y", length=0)
    plain(axis.text(1.008, -0.02, "frame", transform=axis.transAxes, fontsize=7, color=QUIET, va="top"))
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    if frame_times_s is not None and num_frames:
        axis.xaxis.set_major_formatter(lambda x, _: _frame_and_time(x, frame_times_s))


def _font_size(widths: np.ndarray) -> float:
    """Convert box widths to a size, both in points: letters of 0.7 em fit most; the narrowest hold an i."""
    return float(np.clip(np.quantile(widths, 0.2) / 0.7, 5.5, 10.0)) if len(widths) else 10.0


def _frame_and_time(x: float, frame_times_s) -> str:
    inside = 0 <= round(x) < len(frame_times_s)
    return f"{x:.0f}\n{frame_times_s[round(x)]:.1f} s" if inside else f"{x:.0f}"


def _edges(positions: np.ndarray, num_frames: int) -> np.ndarray:
    """Return the borders of the boxes: half-way between neighbours, the outer ones half a typical box away."""
    if not len(positions):
        return np.array([0.0])
    middles = (positions[1:] + positions[:-1]) / 2
    half = float(np.median(np.diff(positions)) / 2) if len(positions) > 1 else 2.0
    first, last = max(-0.5, positions[0] - half), min(num_frames - 0.5, positions[-1] + half)
    return np.concatenate([[first], middles, [last]])


def _draw_box(axis: Axes, left, right, bottom, symbol: str, correct: bool, colour, size: float) -> None:
    gap = 0.06 * (right - left)
    face = "none" if not symbol else ERROR if not correct else (*matplotlib.colors.to_rgb(colour), 0.16)
    edge = ERROR if not correct else (*matplotlib.colors.to_rgb(colour), 0.55)
    style = ":" if not symbol else "-"
    box = Rectangle((left + gap, bottom + 0.06), right - left - 2 * gap, 0.88)
    box.set(facecolor=face, edgecolor=edge, linestyle=style, linewidth=0.7)
    axis.add_patch(box)
    if symbol:
        weight, text_colour = ("normal", INK) if correct else ("bold", "white")
        middle = (left + right) / 2, bottom + 0.48
        plain(
            axis.text(
                *middle,
                visible(symbol),
                fontsize=size,
                weight=weight,
                color=text_colour,
                ha="center",
                va="center",
            )
        )
