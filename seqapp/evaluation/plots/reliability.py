"""Reliability diagram: accuracy of words over their confidence."""

from matplotlib.figure import Figure

from seqapp.decoding.calibration import Reliability
from seqapp.evaluation.plots.figure import ERROR, INK, QUIET, bare, footer, new_figure, title


def plot_reliability(reliability: Reliability, model_name: str = "") -> Figure:
    """Draw a reliability diagram: accuracy over confidence, on the diagonal where both agree.

    Args:
        reliability: From `word_reliability`.
        model_name: For the footer.

    Returns:
        A matplotlib figure for `save_figure`.

    Reference: Guo et al., On calibration of modern neural networks, 2017, figure 1.
    """
    figure = new_figure(6.0, 6.0)
    axis = figure.add_axes((0.12, 0.12, 0.82, 0.8))
    axis.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle="--")
    axis.vlines(reliability.confidence, reliability.accuracy, reliability.confidence, color=ERROR, linewidth=2)
    sizes = 20 + 400 * reliability.count / reliability.count.sum()
    axis.scatter(reliability.confidence, reliability.accuracy, s=sizes, color=INK, zorder=3)
    for x, y, count in zip(reliability.confidence, reliability.accuracy, reliability.count):
        axis.annotate(f"{count}", (x, y), xytext=(6, -10), textcoords="offset points", fontsize=7, color=QUIET)
    axis.set_xlim(0, 1.02)
    axis.set_ylim(0, 1.02)
    axis.set_xlabel("confidence of words", fontsize=8, color=QUIET)
    axis.set_ylabel("share that is right", fontsize=8, color=QUIET)
    title(axis, f"Reliability: expected calibration error {100 * reliability.expected_calibration_error:.1f} %")
    bare(axis, "left", "bottom")
    footer(figure, f"{reliability.count.sum()} words", f"model {model_name}" if model_name else "")
    return figure
