"""The reliability diagram: accuracy of words over their confidence."""

from seqapp.decoding.calibration import Reliability
from seqapp.evaluation.plots.figure import ERROR, INK, QUIET, bare, footer, new_figure, title


def plot_reliability(found: Reliability, model_name: str = ""):
    """Draw a reliability diagram: accuracy over confidence, on the diagonal where both agree.

    Args:
        found: From `word_reliability`.
        model_name: For the footer.

    Returns:
        A matplotlib figure for `save_figure`.

    Reference: Guo et al., On calibration of modern neural networks, 2017, figure 1.
    """
    figure = new_figure(6.0, 6.0)
    axis = figure.add_axes((0.12, 0.12, 0.82, 0.8))
    axis.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle="--")
    axis.vlines(found.confidence, found.accuracy, found.confidence, color=ERROR, linewidth=2)
    axis.scatter(found.confidence, found.accuracy, s=20 + 400 * found.count / found.count.sum(), color=INK, zorder=3)
    for x, y, count in zip(found.confidence, found.accuracy, found.count):
        axis.annotate(f"{count}", (x, y), xytext=(6, -10), textcoords="offset points", fontsize=7, color=QUIET)
    axis.set_xlim(0, 1.02)
    axis.set_ylim(0, 1.02)
    axis.set_xlabel("confidence of words", fontsize=8, color=QUIET)
    axis.set_ylabel("share that is right", fontsize=8, color=QUIET)
    title(axis, f"Reliability: expected calibration error {100 * found.expected_calibration_error:.1f} %")
    bare(axis, "left", "bottom")
    footer(figure, f"{found.count.sum()} words", f"model {model_name}" if model_name else "")
    return figure
