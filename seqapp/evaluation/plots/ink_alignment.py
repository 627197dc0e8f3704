"""Alignment plot of pen ink: ink, posteriors and texts over the same frames.

From top to bottom: the ink above the frames that read it, coloured by time; the posteriors of all labels that
matter, with the blank as a grey line; the text written and the text read, at the frames where characters are
emitted; and the text painted back onto the strokes. Lines of a note stand one behind the other above the frames.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seqapp.evaluation.plots.alignment_columns import (
    character_of_point,
    code_point_frames,
    lines_of_points,
    text_columns,
)
from seqapp.evaluation.plots.figure import footer, new_figure
from seqapp.evaluation.plots.ink import draw_ink_over_frames, draw_painted_ink
from seqapp.evaluation.plots.posteriors import PANEL_LEFT, PANEL_WIDTH, check_shapes, draw_heading, draw_posteriors
from seqapp.evaluation.plots.texts import draw_texts
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet


def plot_alignment(
    points: np.ndarray,
    frame_of_point: np.ndarray,
    log_probs: np.ndarray,
    alphabet: Alphabet,
    recognition: Recognition,
    frame_times_s: np.ndarray | None = None,
    model_name: str = "",
) -> Figure:
    """Draw one recognised ink.

    Args:
        points: Float `[N, 4]`, x, y (down), time_s, pen_up: the raw ink.
        frame_of_point: Int `[N]`, output frame that read each point; -1 for points that reached none.
        log_probs: Float `[T, K]`, log posteriors, blank last.
        alphabet: Of the K - 1 labels.
        recognition: With `char_frames`; its texts as decoded, not normalised afterwards.
        frame_times_s: Float `[T]`, seconds since the first point, written beside the frames where given.
        model_name: For the footer.

    Returns:
        A figure for `save_figure`.

    Raises:
        ValueError: Shapes, alphabet and recognition do not belong together.
    """
    points = np.asarray(points)
    frame_of_point = np.asarray(frame_of_point)
    log_probs = np.asarray(log_probs)
    _check(points, frame_of_point, log_probs, alphabet, recognition, frame_times_s)
    frames = code_point_frames(recognition, alphabet)
    lines = lines_of_points(frame_of_point, frames, recognition.hypothesis)
    # A line break is a space in a label of one line.
    hypothesis = recognition.hypothesis.replace("\n", " ")
    columns = text_columns(recognition.reference.replace("\n", " "), hypothesis, frames, len(log_probs))
    figure = new_figure()
    ink_axis, posterior_axis, text_axis, painted_axis = _axes(figure)
    draw_ink_over_frames(ink_axis, points, frame_of_point, len(log_probs), lines)
    draw_posteriors(posterior_axis, log_probs, alphabet)
    draw_texts(text_axis, columns, len(log_probs), frame_times_s)
    draw_painted_ink(painted_axis, points, character_of_point(frame_of_point, frames), columns, lines)
    draw_heading(figure, recognition)
    writer = f"   writer {recognition.group_id}" if recognition.group_id else ""
    footer(figure, f"sample {recognition.id}{writer}", f"model {model_name}" if model_name else "")
    return figure


def _check(points, frame_of_point, log_probs, alphabet, recognition, frame_times_s) -> None:
    frames = len(log_probs)
    expected = (
        ("points", points.shape, (len(points), 4)),
        ("frame_of_point", frame_of_point.shape, (len(points),)),
        ("log_probs", log_probs.shape, (frames, alphabet.num_classes)),
        ("frame_times_s", np.shape(frame_times_s) or (frames,), (frames,)),
    )
    check_shapes(recognition, expected, frames, frame_of_point)


def _axes(figure: Figure) -> list[Axes]:
    """Add four panels of one width, the first three over the frames; heights are shares of the figure."""
    left = PANEL_LEFT
    width = PANEL_WIDTH
    posterior = figure.add_axes((left, 0.385, width, 0.335))
    ink = figure.add_axes((left, 0.765, width, 0.130), sharex=posterior)
    text = figure.add_axes((left, 0.275, width, 0.095), sharex=posterior)
    return [ink, posterior, text, figure.add_axes((left, 0.035, width, 0.155))]
