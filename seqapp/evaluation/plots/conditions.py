"""Plot of error rates and confidence under recording conditions."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from seqapp.evaluation.plots.figure import ERROR, FAINT, INK, QUIET, bare, footer, new_figure, plain, title

BAR_IN = 0.24  # height of a row
LEFT_IN, RIGHT_IN, TOP_IN, BOTTOM_IN = 2.6, 0.3, 0.5, 0.7
WIDTH_IN = 9.0


def plot_conditions(
    titles: Sequence[str], rates: Sequence[float], confidences: Sequence[float | None], rate_name: str, model_name=""
) -> Figure:
    """Draw a bar for each condition, the first as a line to compare with, and the mean confidence beside it.

    Args:
        titles: Of the conditions, the clean one first.
        rates: Error rate of each, a fraction.
        confidences: Mean confidence of each, in [0, 1]; None for none.
        rate_name: "CER" or "WER".
        model_name: For the footer.

    Returns:
        A matplotlib figure for `save_figure`.
    """
    height = TOP_IN + BOTTOM_IN + BAR_IN * len(titles)
    figure = new_figure(WIDTH_IN, height)
    bottom, tall = BOTTOM_IN / height, BAR_IN * len(titles) / height
    wide = (WIDTH_IN - LEFT_IN - RIGHT_IN) / WIDTH_IN
    axis = figure.add_axes((LEFT_IN / WIDTH_IN, bottom, 0.64 * wide, tall))
    beside = figure.add_axes((LEFT_IN / WIDTH_IN + 0.7 * wide, bottom, 0.3 * wide, tall), sharey=axis)
    places = np.arange(len(titles))[::-1]
    percent = 100 * np.asarray(rates)
    axis.barh(places, percent, height=0.62, color=[QUIET, *[ERROR] * (len(titles) - 1)])
    axis.axvline(percent[0], color=INK, linewidth=0.8, linestyle=":")
    for place, value in zip(places, percent):
        axis.annotate(f"{value:.1f}", (value, place), (3, 0), textcoords="offset points", fontsize=7, va="center")
    axis.set_yticks(places, [*titles])
    for label in axis.get_yticklabels():
        plain(label)
    axis.set_xlim(0, max(5.0, 1.12 * percent.max()))
    axis.set_ylim(-0.6, len(titles) - 0.4)
    axis.set_xlabel(f"{rate_name} in percent", fontsize=8, color=QUIET)
    title(axis, f"{rate_name} by recording condition")
    beside.hlines(places, 0, 1, color=FAINT, linewidth=1)
    known = [(confidence, place) for confidence, place in zip(confidences, places) if confidence is not None]
    beside.scatter(*np.transpose(known or np.empty((0, 2))), color=INK, s=16, zorder=3)
    beside.set_xlim(0, 1.03)
    beside.set_xlabel("mean confidence", fontsize=8, color=QUIET)
    title(beside, "Confidence")
    bare(axis, "left", "bottom")
    bare(beside, "bottom")
    beside.tick_params(left=False, labelleft=False)
    footer(figure, "The dotted line is the clean input.", f"model {model_name}" if model_name else "")
    return figure
