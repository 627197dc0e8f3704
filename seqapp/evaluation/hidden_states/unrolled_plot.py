"""Plot of a recurrent network unrolled in time, as in textbooks, with the numbers of one real example."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from seqapp.evaluation.glyphs import visible
from seqapp.evaluation.hidden_states.input_plot import draw_piece
from seqapp.evaluation.hidden_states.states import BLANK, Memory
from seqapp.evaluation.hidden_states.units_plot import MAP, in_order_of_peaks, layer_name
from seqapp.evaluation.plots.figure import INK, QUIET, footer, new_figure, plain

STEPS = 12  # of which each can still be read
LEFT, RIGHT = 0.075, 0.985
INPUT_Y, INPUT_HEIGHT = 0.115, 0.105  # shares of the figure's height
STATE_Y, STATE_HEIGHT = 0.315, 0.33
OUTPUT_Y = 0.735
LEAST_SHOWN = 0.01  # probability of an output beside the likeliest
COLUMNS = 8  # units side by side in a strip
ROWS = {"y(t)": 0.80, "h(t)": 0.48, "x(t)": 0.165}
MEANING = {"y(t)": "what it says", "h(t)": "what it holds\nin mind", "x(t)": "what comes in"}


def plot_unrolled(memory: Memory, first: int = 0, layer: int = -1) -> Figure:
    """Draw some steps: inputs x(t), the state h(t) that each leaves behind, and the likeliest outputs y(t).

    Args:
        memory: `seqapp.evaluation.hidden_states.states.Memory`.
        first: The step to begin with.
        layer: Whose states.

    Returns:
        A figure for `save_figure`.

    Raises:
        ValueError: Where the example ends before that step.
    """
    window = range(first, min(first + STEPS, len(memory)))
    if not 0 <= first < len(memory):
        raise ValueError(f"The first step must lie in 0 ... {len(memory) - 1}. Received: {first}.")
    figure = new_figure(height_in=5.6)
    pitch = (RIGHT - LEFT) / STEPS
    states = in_order_of_peaks(memory.layers[layer][window.start : window.stop])
    limit = float(np.quantile(np.abs(states), 0.99)) or 1.0
    for place, step in enumerate(window):
        left = LEFT + (place + 0.21) * pitch
        middle = left + 0.34 * pitch
        width = 0.68 * pitch
        draw_piece(figure.add_axes((left, INPUT_Y, width, INPUT_HEIGHT)), memory, step, window)
        _draw_state(figure.add_axes((left, STATE_Y, width, STATE_HEIGHT)), states[place], limit)
        _draw_outputs(figure, middle, memory.outputs[step])
        _name(figure, middle, step)
        _draw_arrows(figure, left, middle, pitch)
        if place == 0:  # a text begins behind the end of a line, whose state is not 0
            previous = "0" if step == 0 and memory.sense != "text" else "\u2026"
            plain(figure.text(left - 0.34 * pitch, 0.48, previous, fontsize=9, color=INK, ha="right", va="center"))
    for name, y in ROWS.items():
        plain(figure.text(0.008, y, name, fontsize=11, color=INK, va="center", style="italic"))
        plain(figure.text(0.008, y - 0.035, MEANING[name], fontsize=7, color=QUIET, va="top"))
    right = f"{layer_name(memory, layer)}    model {memory.name}"
    footer(figure, "the same weights at every step; red is positive, blue negative", right)
    return figure


def _draw_state(axis, state, limit):
    """Draw units as a strip, filled from the top, red where positive and blue where negative."""
    columns = next(c for c in range(COLUMNS, 0, -1) if len(state) % c == 0)
    axis.imshow(state.reshape(-1, columns), aspect="auto", cmap=MAP, vmin=-limit, vmax=limit, interpolation="nearest")
    axis.set_xticks([])
    axis.set_yticks([])
    for spine in axis.spines.values():
        spine.set(color=QUIET, linewidth=0.8)


def _draw_outputs(figure, x, outputs):
    """Draw the likeliest symbols, the first one on top and large, each as dark as it is probable."""
    visible_outputs = [(symbol, p) for row, (symbol, p) in enumerate(outputs) if row == 0 or p >= LEAST_SHOWN]
    for row, (symbol, probability) in enumerate(visible_outputs):
        shade = 0.75 * (1 - probability) ** 0.7
        size = 12 if row == 0 and symbol != BLANK and len(symbol) < 4 else 7
        y = OUTPUT_Y + (0.135 if row == 0 else 0.095 - 0.04 * row)
        text = f"{visible(symbol)}" if row == 0 else f"{visible(symbol)} {probability:.2f}"
        plain(figure.text(x, y, text, fontsize=size, color=(shade,) * 3, ha="center", va="center"))
        if row == 0:
            plain(figure.text(x, y - 0.045, f"{probability:.2f}", fontsize=6.5, color=QUIET, ha="center", va="center"))


def _name(figure, x, step):
    for name, y in (("y", 0.945), ("h", 0.2875), ("x", 0.085)):
        label = figure.text(x, y, f"{name}({step})", fontsize=7, color=QUIET, ha="center", va="center", style="italic")
        plain(label)


def _draw_arrows(figure, left, middle, pitch):
    """Draw arrows from the input up into the state and out of it, and from the state before."""
    y = STATE_Y + STATE_HEIGHT / 2
    begin = left - 0.30 * pitch
    _arrow(figure, (middle, INPUT_Y + INPUT_HEIGHT + 0.005), (middle, 0.275))
    _arrow(figure, (middle, STATE_Y + STATE_HEIGHT + 0.01), (middle, OUTPUT_Y - 0.015))
    _arrow(figure, (begin, y), (left - 0.02 * pitch, y))


def _arrow(figure, begin, end):
    figure.add_artist(
        FancyArrowPatch(
            begin, end, transform=figure.transFigure, arrowstyle="-|>", mutation_scale=7, color=INK, linewidth=0.9,
            shrinkA=0, shrinkB=0,
        )
    )  # fmt: skip
