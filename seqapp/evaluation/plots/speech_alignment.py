"""Alignment plot of speech: spectrum, posteriors and texts over the same frames."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from seqapp.evaluation.plots.alignment_columns import code_point_frames, text_columns
from seqapp.evaluation.plots.figure import QUIET, bare, footer, new_figure, title
from seqapp.evaluation.plots.posteriors import PANEL_LEFT, PANEL_WIDTH, check_shapes, draw_heading, draw_posteriors
from seqapp.evaluation.plots.texts import draw_texts
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet

LOWEST_QUANTILE = 0.05  # of the spectrum's values: digital silence would leave no contrast to the rest


def plot_speech_alignment(
    features: np.ndarray,
    log_probs: np.ndarray,
    alphabet: Alphabet,
    recognition: Recognition,
    frame_times_s: np.ndarray,
    model_name: str = "",
) -> Figure:
    """Draw one recognised recording.

    Args:
        features: Float `[S, F]`, its log-mel spectrum from the lowest band up; S frames over the same time as T.
        log_probs: Float `[T, K]`, log posteriors, blank last.
        alphabet: Of the K - 1 labels.
        recognition: With `char_frames`; its texts as decoded, not normalised afterwards.
        frame_times_s: Float `[T]`, seconds since the start, written below the frames.
        model_name: For the footer.

    Returns:
        A figure for `save_figure`.

    Raises:
        ValueError: Shapes, alphabet and recognition do not belong together.
    """
    features = np.asarray(features)
    log_probs = np.asarray(log_probs)
    frames = len(log_probs)
    expected = (
        ("features", np.shape(features)[:1], (len(features),)),
        ("log_probs", log_probs.shape, (frames, alphabet.num_classes)),
        ("frame_times_s", np.shape(frame_times_s), (frames,)),
    )
    check_shapes(recognition, expected, frames)
    columns = text_columns(
        recognition.reference, recognition.hypothesis, code_point_frames(recognition, alphabet), frames
    )
    figure = new_figure()
    spectrum_axis, posterior_axis, text_axis = _axes(figure)
    _draw_spectrum(spectrum_axis, features, frames)
    draw_posteriors(posterior_axis, log_probs, alphabet)
    draw_texts(text_axis, columns, frames, frame_times_s)
    draw_heading(figure, recognition)
    speaker = f"   speaker {recognition.group_id}" if recognition.group_id else ""
    footer(figure, f"sample {recognition.id}{speaker}", f"model {model_name}" if model_name else "")
    return figure


def _axes(figure: Figure) -> list[Axes]:
    """Add three panels of one width over the frames; heights are shares of the figure."""
    left = PANEL_LEFT
    width = PANEL_WIDTH
    posterior = figure.add_axes((left, 0.225, width, 0.39))
    spectrum = figure.add_axes((left, 0.66, width, 0.215), sharex=posterior)
    return [spectrum, posterior, figure.add_axes((left, 0.09, width, 0.11), sharex=posterior)]


def _draw_spectrum(axis: Axes, features: np.ndarray, num_frames: int) -> None:
    """Draw the spectrum, stretched over the frames of the network, each of which stands for several of its own."""
    if features.size:
        axis.imshow(
            features.T, aspect="auto", origin="lower", interpolation="nearest", cmap="magma",
            vmin=np.quantile(features, LOWEST_QUANTILE), extent=(-0.5, num_frames - 0.5, -0.5, features.shape[1] - 0.5),
        )  # fmt: skip
    axis.set_ylabel("mel band", fontsize=7, color=QUIET)
    axis.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    bare(axis, "left", "bottom")
    axis.tick_params(labelbottom=False)
    title(axis, "log-mel spectrum, dark to bright")
