"""Posterior panel and heading of the alignment plots of ink, speech and images."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from seqapp.evaluation.glyphs import visible
from seqapp.evaluation.plots.alignment_columns import MAX_LABELS, MIN_PROBABILITY, shown_labels
from seqapp.evaluation.plots.figure import FAINT, INK, QUIET, bare, plain, title
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet
from seqapp.text.error_rates import character_errors

PROBABILITY_MAP = matplotlib.colormaps["cividis_r"].with_extremes(under=(1, 1, 1, 0))
LOWEST_PROBABILITY = 1e-2
PANEL_LEFT, PANEL_WIDTH = 0.05, 0.90  # shares of the figure's width


def check_shapes(recognition: Recognition, expected: Sequence[tuple], num_frames: int, frames: Sequence = ()) -> None:
    """Check that the arrays of one plot fit together.

    Args:
        recognition: Named in the error.
        expected: (name, received shape, expected shape) of every array.
        num_frames: T of the posteriors.
        frames: More frames that must lie before T, beside those of the characters.

    Raises:
        ValueError: A shape differs, or a frame lies at T or beyond.
    """
    for name, received, shape in expected:
        if tuple(received) != tuple(shape):
            raise ValueError(f"{recognition.id}: {name} must have shape {list(shape)}. Received: {list(received)}.")
    last = max([-1, *np.asarray(frames).tolist(), *recognition.char_frames])
    if last >= num_frames:
        raise ValueError(f"{recognition.id}: frame {last} is beyond the {num_frames} frames of log_probs.")


def draw_posteriors(axis: Axes, log_probs: np.ndarray, alphabet: Alphabet) -> None:
    """Draw log posteriors `[T, K]` (blank last) of the labels that matter over T frames, and the blank as a line."""
    labels = shown_labels(log_probs)
    probabilities = np.exp(log_probs[:, labels]).T
    num_frames = len(log_probs)
    num_rows = max(len(labels), 1)
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


def draw_heading(figure: Figure, recognition: Recognition) -> None:
    """Write the text read, the number of wrong characters, and the confidence of the model."""
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
