"""Ink panels of the alignment plot: above its frames in the colours of time, and painted with the text read."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from seqapp.evaluation.glyphs import visible
from seqapp.evaluation.plots.alignment_columns import Column, frame_positions
from seqapp.evaluation.plots.figure import ERROR, QUIET, bare, plain, title

TIME_MAP = matplotlib.colormaps["viridis"]
# Neighbours on the strokes must differ: four places of viridis far apart, in turn, without its pale end.
CHARACTER_COLOURS = tuple(TIME_MAP(place) for place in (0.12, 0.62, 0.36, 0.80))


def draw_ink_over_frames(axis: Axes, points, frame_of_point, num_frames: int, lines=None) -> None:
    """Draw ink `[N, 4]` at the positions of its frames, coloured from the first to the last; lines int `[N]` level."""
    x, points = np.zeros(len(points)), np.array(points, np.float64)
    lines = np.zeros(len(points), int) if lines is None else lines
    is_note = lines.max(initial=0) > 0
    for line in np.unique(lines):
        of_line = lines == line
        x[of_line] = frame_positions(points[of_line], frame_of_point[of_line])
        points[of_line, 1] -= np.median(points[of_line, 1]) if is_note else 0.0
    colours = TIME_MAP(np.clip(frame_of_point, 0, None) / max(num_frames - 1, 1))
    _draw_strokes(axis, x, points[:, 1], points[:, 3], colours)
    title(axis, "ink, above the frames that read it; colour is time")
    axis.margins(y=0.12)
    _strip(axis)


def draw_painted_ink(axis: Axes, points, character, columns: Sequence[Column], lines) -> None:
    """Draw ink `[N, 4]` in its own geometry, each point in the colour of its character (int `[N]`, -1: none)."""
    palette = np.array([*CHARACTER_COLOURS, matplotlib.colors.to_rgba(QUIET)])
    colours = palette[np.where(character >= 0, character % len(CHARACTER_COLOURS), -1)]
    _draw_strokes(axis, points[:, 0], points[:, 1], points[:, 3], colours, _line_width(points))
    _draw_labels(axis, points, character, columns, lines)
    if len(points):  # room for the labels, which would otherwise reach into the heading above
        low, high = points[:, 1].min(), points[:, 1].max()
        axis.update_datalim([(points[0, 0], low - 0.2 * (high - low))])
        axis.autoscale_view()
    title(axis, "the text read, painted back onto the strokes")
    axis.set_aspect("equal", adjustable="datalim")
    _strip(axis)


def _draw_strokes(axis: Axes, x, y, pen_up, colours, width: float = 1.4) -> None:
    """Draw lines from point to point within strokes, each of its first point's colour; single points as dots."""
    joined = np.flatnonzero(pen_up[:-1] < 0.5)
    xy = np.stack([x, y], axis=-1)
    segments = np.stack([xy[joined], xy[joined + 1]], axis=1)
    axis.add_collection(LineCollection(segments, colors=colours[joined], linewidths=width, capstyle="round"))
    touched = np.zeros(len(x), bool)
    touched[joined] = touched[joined + 1] = True
    axis.scatter(x[~touched], y[~touched], s=4 * width**2, c=colours[~touched], linewidths=0)
    axis.autoscale_view()


def _line_width(points) -> float:
    """Return points: thinner where a long line is drawn small; 26 was found by eye."""
    if not len(points):
        return 2.0
    width, height = np.ptp(points[:, 0]), np.ptp(points[:, 1])
    return float(np.clip(26 * height / max(width, 1e-6), 1.0, 2.0))


def _draw_labels(axis: Axes, points, character, columns: Sequence[Column], lines) -> None:
    """Draw each character above its line; a space owns no ink worth a label."""
    owned = [column for column in columns if column.hypothesis.strip() and (character == column.symbol_index).any()]
    if not owned:
        return
    middles = np.array([np.median(points[character == column.symbol_index, 0]) for column in owned])
    owners = np.array([lines[character == column.symbol_index][0] for column in owned])
    for line in np.unique(owners):
        top = float(points[lines == line, 1].min())
        of_line = [column for column, owner in zip(owned, owners, strict=True) if owner == line]
        for column, x in zip(of_line, _spread(middles[owners == line], 0.011 * np.ptp(points[:, 0])), strict=True):
            _label(axis, float(x), top, column)


def _spread(x: np.ndarray, gap: float) -> np.ndarray:
    """Move positions right where they would be closer than `gap` to one on their left."""
    order = np.argsort(x, kind="stable")
    steps = gap * np.arange(len(x))
    spread = np.empty(len(x))
    spread[order] = np.maximum.accumulate(x[order] - steps) + steps
    return spread


def _label(axis: Axes, x: float, y: float, column: Column) -> None:
    colour = CHARACTER_COLOURS[column.symbol_index % len(CHARACTER_COLOURS)] if column.correct else ERROR
    weight = "normal" if column.correct else "bold"
    label = axis.annotate(visible(column.hypothesis), (x, y), (0, 3), textcoords="offset points")
    plain(label).set(fontsize=8, color=colour, weight=weight, ha="center", va="bottom")


def _strip(axis: Axes) -> None:
    """Remove all scales: ink has none worth reading; its y grows down."""
    axis.invert_yaxis()
    bare(axis)
    axis.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)
