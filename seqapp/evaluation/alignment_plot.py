"""The alignment picture: the ink, what the network believes at each frame, and the text, over one axis.

From top to bottom: the ink above the frames that read it, coloured by time; the posteriors of all labels that
matter, with the blank as a grey line; the text written and the text read, at the frames where characters are
emitted; and the text painted back onto the strokes.
"""

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from seqapp.evaluation.alignment import (
    MAX_LABELS,
    MIN_PROBABILITY,
    character_of_point,
    code_point_frames,
    shown_labels,
    text_columns,
)
from seqapp.evaluation.figure import FAINT, INK, QUIET, bare, footer, new_figure, plain, title
from seqapp.evaluation.glyphs import visible
from seqapp.evaluation.ink_plot import draw_ink_over_frames, draw_painted_ink
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.text_plot import draw_texts
from seqapp.text.alphabet import Alphabet
from seqapp.text.error_rates import character_errors

PROBABILITY_MAP = matplotlib.colormaps["cividis_r"].with_extremes(under=(1, 1, 1, 0))
LOWEST_PROBABILITY = 1e-2
PANEL_LEFT, PANEL_WIDTH = 0.05, 0.90  # shares of the figure's width


def plot_alignment(
    points: np.ndarray,
    frame_of_point: np.ndarray,
    log_probs: np.ndarray,
    alphabet: Alphabet,
    recognition: Recognition,
    frame_times_s: np.ndarray | None = None,
    model_name: str = "",
) -> Figure:
    """Draws one recognised ink.

    Args:
        points: float [N, 4], x, y (down), time_s, pen_up: the raw ink.
        frame_of_point: int [N], output frame that read each point; -1 for points that reached none.
        log_probs: float [T, K], log posteriors, blank last.
        alphabet: Of the K - 1 labels.
        recognition: With `char_frames`; its texts as decoded, not normalised afterwards.
        frame_times_s: float [T], seconds since the first point, written beside the frames where given.
        model_name: For the footer.

    Returns:
        A figure for `save_figure`.

    Raises:
        ValueError: Shapes, alphabet and recognition do not belong together.
    """
    points, frame_of_point, log_probs = np.asarray(points), np.asarray(frame_of_point), np.asarray(log_probs)
    _check(points, frame_of_point, log_probs, alphabet, recognition, frame_times_s)
    frames = code_point_frames(recognition, alphabet)
    columns = text_columns(recognition.reference, recognition.hypothesis, frames, len(log_probs))
    figure = new_figure()
    ink_axis, posterior_axis, text_axis, painted_axis = _axes(figure)
    draw_ink_over_frames(ink_axis, points, frame_of_point, len(log_probs))
    _draw_posteriors(posterior_axis, log_probs, alphabet)
    draw_texts(text_axis, columns, len(log_probs), frame_times_s)
    draw_painted_ink(painted_axis, points, character_of_point(frame_of_point, frames), columns)
    _draw_heading(figure, recognition)
    writer = f"   writer {recognition.writer_id}" if recognition.writer_id else ""
    footer(figure, f"sample {recognition.id}{writer}", f"model {model_name}" if model_name else "")
    return figure


def _check(points, frame_of_point, log_probs, alphabet, recognition, frame_times_s) -> None:
    expected = (
        ("points", points.shape, (len(points), 4)),
        ("frame_of_point", frame_of_point.shape, (len(points),)),
        ("log_probs", log_probs.shape, (len(log_probs), alphabet.num_classes)),
        ("frame_times_s", np.shape(frame_times_s) or (len(log_probs),), (len(log_probs),)),
    )
    for name, received, wanted in expected:
        if received != wanted:
            raise ValueError(f"{recognition.id}: {name} must have shape {list(wanted)}. Received: {list(received)}.")
    last = max([-1, *frame_of_point.tolist(), *recognition.char_frames])
    if last >= len(log_probs):
        raise ValueError(f"{recognition.id}: frame {last} is beyond the {len(log_probs)} frames of log_probs.")


def _axes(figure: Figure) -> list[Axes]:
    """Four panels of one width, the first three over the frames; heights are shares of the figure."""
    left, width = PANEL_LEFT, PANEL_WIDTH
    posterior = figure.add_axes((left, 0.385, width, 0.335))
    ink = figure.add_axes((left, 0.765, width, 0.130), sharex=posterior)
    text = figure.add_axes((left, 0.275, width, 0.095), sharex=posterior)
    return [ink, posterior, text, figure.add_axes((left, 0.035, width, 0.155))]


def _draw_posteriors(axis: Axes, log_probs, alphabet: Alphabet) -> None:
    labels = shown_labels(log_probs)
    probabilities = np.exp(log_probs[:, labels]).T
    num_frames, num_rows = len(log_probs), max(len(labels), 1)
    image = axis.imshow(
        probabilities if labels else np.zeros((1, max(num_frames, 1))),
        aspect="auto", interpolation="nearest", cmap=PROBABILITY_MAP, norm=LogNorm(LOWEST_PROBABILITY, 1.0),
        extent=(-0.5, max(num_frames, 1) - 0.5, num_rows - 0.5, -0.5), zorder=2,
    )  # fmt: skip
    axis.set_yticks(range(len(labels)), [visible(alphabet.symbols[label]) for label in labels])
    for tick in axis.get_yticklabels():
        plain(tick)
    for row in range(1, len(labels)):
        axis.axhline(row - 0.5, color=FAINT, linewidth=0.5, zorder=0)
    # Scaled into the panel: a second y axis would be drawn above the image.
    axis.plot(num_rows - 0.5 - num_rows * np.exp(log_probs[:, -1]), color=QUIET, linewidth=0.8, alpha=0.55, zorder=1)
    axis.set_xlim(-0.5, max(num_frames, 1) - 0.5)
    bare(axis, "left", "bottom")
    axis.tick_params(labelbottom=False)
    axis.tick_params(axis="y", labelsize=min(7, 160 / num_rows))
    which = f"the {MAX_LABELS} strongest labels" if len(labels) == MAX_LABELS else f"labels above {MIN_PROBABILITY}"
    title(axis, f"posteriors of {which}; grey line: the blank, from 0 (bottom) to 1 (top)")
    _draw_scale(axis, image)


def _draw_scale(axis: Axes, image) -> None:
    inset = axis.inset_axes((1.008, 0.0, 0.008, 1.0))
    scale = axis.figure.colorbar(image, cax=inset, ticks=[0.01, 0.1, 1.0])
    scale.ax.set_yticklabels(["0.01", "0.1", "1"], fontsize=7)
    scale.ax.minorticks_off()
    scale.outline.set_visible(False)
    scale.ax.tick_params(length=2, color=QUIET)


def _draw_heading(figure: Figure, recognition: Recognition) -> None:
    counts = character_errors(recognition.reference, recognition.hypothesis)
    confidence = "" if np.isnan(recognition.confidence) else f", confidence {recognition.confidence:.2f}"
    facts = f"{counts.errors} of {counts.reference_length} characters wrong{confidence}"
    size = float(np.clip(975 / max(len(recognition.hypothesis), 1), 9, 13))  # about 0.7 em a letter over the width
    right = PANEL_LEFT + PANEL_WIDTH
    plain(
        figure.text(PANEL_LEFT, 0.975, _cut(recognition.hypothesis), fontsize=size, color=INK, va="top", weight="bold")
    )
    plain(figure.text(right, 0.9005, facts, fontsize=9, color=QUIET, ha="right", va="bottom"))


def _cut(text: str, limit: int = 100) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
