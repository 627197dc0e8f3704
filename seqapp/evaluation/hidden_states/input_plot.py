"""Input panel of the plots of hidden states: ink, spectrum, line or text over all steps, or the piece of one step."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from seqapp.evaluation.glyphs import visible
from seqapp.evaluation.hidden_states.states import Memory
from seqapp.evaluation.plots.figure import FAINT, INK, QUIET, bare, plain, title
from seqapp.evaluation.plots.ink import draw_ink_over_frames

TITLES = {
    "ink": "ink, above the steps that read it; colour is time, letters stand where they are read",
    "speech": "log-mel spectrum; letters stand where they are heard",
    "image": "the line; letters stand where they are read",
    "text": "the text",
}


def draw_input(axis: Axes, memory: Memory, steps: int) -> None:
    """Draw the input of the first `steps` steps of a `Memory` over them."""
    if memory.sense == "ink":
        used = (memory.places >= 0) & (memory.places < steps)
        draw_ink_over_frames(axis, memory.raw[used], memory.places[used], steps)
    elif memory.sense != "text":
        rows = piece(memory, 0, steps)
        axis.imshow(rows.T, aspect="auto", extent=(-0.5, steps - 0.5, 0, 1), **_colours(memory))
    title(axis, TITLES[memory.sense])
    size = float(np.clip(620 / max(1, max(map(len, memory.symbols[:steps]))) / steps, 4, 11))
    for step, symbol in enumerate(memory.symbols[:steps]):
        if symbol:
            at = (step, 0.5) if memory.sense == "text" else (step, -0.03)
            edge = "center" if memory.sense == "text" else "top"
            label = axis.text(*at, visible(symbol), transform=axis.get_xaxis_transform(), ha="center", va=edge)
            plain(label).set(fontsize=size, color=INK, clip_on=False)
    axis.set_xlim(-0.5, steps - 0.5)
    bare(axis)
    axis.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)


def draw_piece(axis: Axes, memory: Memory, step: int, window: range) -> None:
    """Draw the input of one step.

    Args:
        axis: Small and square.
        memory: `Memory`.
        step: Which.
        window: The steps beside it that are drawn too: pieces of ink are to one scale.
    """
    axis.set_xticks([])
    axis.set_yticks([])
    for spine in axis.spines.values():
        spine.set_color(FAINT)
    if memory.sense == "text":
        size = float(np.clip(48 / max(3, len(memory.symbols[step])), 5, 15))
        plain(axis.text(0.5, 0.5, visible(memory.symbols[step]), ha="center", va="center", fontsize=size, color=INK))
    elif memory.sense == "ink":
        _draw_strokes(axis, memory, step, window)
    else:
        axis.imshow(piece(memory, step, step + 1).T, aspect="auto", **_colours(memory))


def piece(memory: Memory, first: int, last: int):
    """Return the rows `[S, F]` of features that the steps from `first` to before `last` stand for."""
    per_step = len(memory.raw) / max(1, len(memory))
    return np.asarray(memory.raw)[round(first * per_step) : max(round(last * per_step), round(first * per_step) + 1)]


def _colours(memory):
    if memory.sense == "speech":
        low = float(np.quantile(memory.raw, 0.05))  # digital silence would leave no contrast to the rest
        return {"cmap": "magma", "vmin": low, "vmax": float(np.max(memory.raw)), "origin": "lower"}
    return {"cmap": "Greys", "vmin": 0.0, "vmax": float(np.max(memory.raw)) or 1.0, "origin": "upper"}


def _draw_strokes(axis, memory, step, window):
    """Draw the points of one step and the way to the next one dark, those of the steps beside them faint."""
    points = memory.raw
    places = memory.places
    inside = np.flatnonzero((places >= window[0]) & (places <= window[-1]))
    if not len(inside):  # a long straight line, of which only the ends were recorded: the point before, and the next
        before = max(np.searchsorted(places, window[0]) - 1, 0)
        inside = np.array([before, min(before + 1, len(points) - 1)])
    own = np.flatnonzero(places == step)
    middle = points[own, 0].mean() if len(own) else points[inside, 0].mean()
    low, high = points[inside, 1].min(), points[inside, 1].max()
    joined = np.flatnonzero(points[:-1, 3] < 0.5)
    segments = np.stack([points[joined, :2], points[joined + 1, :2]], axis=1)
    is_own = places[joined] == step
    for mask, colour, width in ((~is_own, QUIET, 0.4), (is_own, INK, 1.6)):
        axis.add_collection(LineCollection(segments[mask], colors=colour, linewidths=width, capstyle="round"))
    half = 0.6 * (high - low) or 1.0
    axis.set_xlim(middle - half, middle + half)
    axis.set_ylim((low + high) / 2 + half, (low + high) / 2 - half)
