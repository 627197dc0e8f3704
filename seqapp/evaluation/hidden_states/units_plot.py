"""Plot of hidden states: units of recurrent layers over time, and those that correlate with a named property."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seqapp.evaluation.hidden_states.input_plot import draw_input
from seqapp.evaluation.hidden_states.states import Memory
from seqapp.evaluation.plots.figure import FAINT, INK, QUIET, bare, footer, new_figure, plain, title

MAX_STEPS = {"text": 120}  # columns that can still be read apart; what is no text shows fewer symbols
MAX_FRAMES = 240
MAP, POSITIVE, NEGATIVE = "RdBu_r", "#b2182b", "#2166ac"  # the map's own ends; white is 0
LEFT, WIDTH = 0.115, 0.875
FOLLOWERS = 3  # units drawn for each mark
LAGS = (0, 1, 2)  # steps by which a unit may come behind what it follows
FEWEST = 8  # steps of a correlation: any two are on a line
TEXT_HEIGHT, INPUT_HEIGHT = 0.035, 0.125  # shares of the figure's height


def following_units(activations, marks, count: int = 4, lags: Sequence[int] = (0,)) -> tuple:
    """Find the units whose activation correlates with a mark.

    Args:
        activations: Float `[T, H]`.
        marks: Bool or float `[T]`: word gaps, pen-ups, open quotes.
        count: How many units.
        lags: Steps that a unit may be late, each tried for each unit where FEWEST steps are left.

    Returns:
        units: Int `[count]`, the most strongly correlated first.
        correlations: Float `[count]`, in [-1, 1]; 0 for what never changes.
    """
    lags = [lag for lag in lags if len(marks) - lag >= FEWEST] or [0]
    tried = np.stack([_correlations(activations[lag:], marks[: len(marks) - lag]) for lag in lags])
    best = np.take_along_axis(tried, np.argmax(np.abs(tried), axis=0)[np.newaxis], axis=0)[0]
    units = np.argsort(-np.abs(best), kind="stable")[:count]
    return units, best[units]


def _correlations(activations, marks):
    x = np.asarray(activations, np.float64) - np.mean(activations, axis=0)
    y = np.asarray(marks, np.float64) - np.mean(marks)
    scale = np.linalg.norm(x, axis=0) * np.linalg.norm(y)
    return np.divide(y @ x, scale, out=np.zeros(x.shape[1]), where=scale > 1e-12)


def in_order_of_peaks(activations):
    """Return float `[T, H]` with its units in the order in which they are strongest."""
    return activations[:, np.argsort(np.argmax(np.abs(activations), axis=0), kind="stable")]


def plot_memory(memory: Memory, layer: int = -1) -> Figure:
    """Draw the input, all units of one layer below it, and the units of any layer that follow each mark.

    Args:
        memory: `hidden_states.states.Memory`; its first steps are drawn, correlations are those of all.
        layer: Which layer to draw whole.

    Returns:
        A figure for `save_figure`.

    Raises:
        ValueError: Where activations, symbols and marks are not of one length.
    """
    _check(memory)
    steps = min(MAX_STEPS.get(memory.sense, MAX_FRAMES), len(memory))
    figure = new_figure()
    height = TEXT_HEIGHT if memory.sense == "text" else INPUT_HEIGHT
    above = figure.add_axes((LEFT, 0.955 - height, WIDTH, height))
    draw_input(above, memory, steps)
    middle = figure.add_axes((LEFT, 0.475, WIDTH, 0.43 - height), sharex=above)
    draw_units(middle, memory.layers[layer][:steps])
    title(middle, f"all {layer_name(memory, layer)}; red is positive, blue negative")
    room = 0.40 / max(1, len(memory.marks))
    for place, (name, marks) in enumerate(memory.marks.items()):
        axis = figure.add_axes((LEFT, 0.455 - (place + 1) * room + 0.01, WIDTH, room - 0.05), sharex=above)
        _draw_followers(axis, memory.layers, marks, name, steps)
        axis.tick_params(labelbottom=place == len(memory.marks) - 1)
    footer(figure, f"{steps} of {len(memory)} steps", f"model {memory.name}" if memory.name else "")
    return figure


def layer_name(memory: Memory, layer: int) -> str:
    """Return the name of the units that are drawn."""
    direction = ", forward direction," if memory.is_bidirectional else ","
    number = f"layer {range(1, len(memory.layers) + 1)[layer]} of {len(memory.layers)}"
    return f"{memory.layers[layer].shape[1]} units of {number}{direction} in the order in which they peak"


def _check(memory):
    lengths = [len(layer) for layer in memory.layers] + [len(marks) for marks in memory.marks.values()]
    if not lengths or set(lengths) != {len(memory)}:
        raise ValueError(
            f"Expected activations and marks of each of the {len(memory)} steps. Received: {sorted(set(lengths))}."
        )


def draw_units(axis: Axes, activations) -> None:
    """Draw units as rows over time, the loudest hundredth cut off."""
    limit = float(np.quantile(np.abs(activations), 0.99)) or 1.0
    image = in_order_of_peaks(activations).T
    axis.imshow(image, aspect="auto", cmap=MAP, vmin=-limit, vmax=limit, interpolation="nearest")
    bare(axis)
    axis.tick_params(left=False, labelleft=False, labelbottom=False, bottom=False)


def _draw_followers(axis, layers, marks, name, steps):
    """Draw the units of all layers that follow a mark best, as curves over the grey steps of the mark."""
    together = np.concatenate(layers, axis=1)
    units, correlations = following_units(together, marks, FOLLOWERS, LAGS)
    for step in np.flatnonzero(marks[:steps] > 0):
        axis.axvspan(step - 0.5, step + 0.5, color=FAINT, linewidth=0)
    x = np.arange(steps)
    for row, unit in enumerate(units):
        curve = together[:steps, unit]
        curve = row - 0.45 * curve / (np.abs(curve).max() or 1.0)  # rows grow down
        axis.axhline(row, color=QUIET, linewidth=0.4)
        axis.fill_between(x, row, curve, where=curve <= row, color=POSITIVE, linewidth=0, alpha=0.75, interpolate=True)
        axis.fill_between(x, row, curve, where=curve >= row, color=NEGATIVE, linewidth=0, alpha=0.75, interpolate=True)
    axis.set_ylim(len(units) - 0.5, -0.5)
    labels = [
        f"layer {1 + u // _width(layers)}, unit {u % _width(layers)}  {c:+.2f}" for u, c in zip(units, correlations)
    ]
    axis.set_yticks(range(len(units)), labels)
    bare(axis, "bottom")
    axis.tick_params(left=False)
    title(axis, f"units that follow the {name} (grey): correlation, up to {LAGS[-1]} steps behind")
    for label in axis.get_yticklabels():
        plain(label).set(fontsize=6.5, color=INK)


def _width(layers):
    return layers[0].shape[1]
