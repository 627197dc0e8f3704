"""The alignment picture of a line image: the line, what the network believes, and the text, over its frames."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seqapp.evaluation.alignment import code_point_frames, text_columns
from seqapp.evaluation.figure import bare, footer, new_figure, title
from seqapp.evaluation.posterior_plot import PANEL_LEFT, PANEL_WIDTH, check_shapes, draw_heading, draw_posteriors
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.text_plot import draw_texts
from seqapp.text.alphabet import Alphabet


def plot_image_alignment(
    columns: np.ndarray,
    log_probs: np.ndarray,
    alphabet: Alphabet,
    recognition: Recognition,
    frame_columns: np.ndarray,
    model_name: str = "",
) -> Figure:
    """Draws one recognised line.

    Args:
        columns: uint8 [W, H], 255 white, its columns from left to right.
        log_probs: float [T, K], log posteriors, blank last.
        alphabet: Of the K - 1 labels.
        recognition: With `char_frames`; its texts as decoded, not normalised afterwards.
        frame_columns: float [T], the column in the middle of each frame: rising evenly.
        model_name: For the footer.

    Returns:
        A figure for `save_figure`.

    Raises:
        ValueError: Shapes, alphabet and recognition do not belong together.
    """
    columns, log_probs = np.asarray(columns), np.asarray(log_probs)
    frames = len(log_probs)
    expected = (
        ("log_probs", log_probs.shape, (frames, alphabet.num_classes)),
        ("frame_columns", np.shape(frame_columns), (frames,)),
    )
    check_shapes(recognition, expected, frames)
    texts = text_columns(
        recognition.reference, recognition.hypothesis, code_point_frames(recognition, alphabet), frames
    )
    figure = new_figure()
    posterior_axis = figure.add_axes((PANEL_LEFT, 0.225, PANEL_WIDTH, 0.39))
    image_axis = figure.add_axes((PANEL_LEFT, 0.66, PANEL_WIDTH, 0.215), sharex=posterior_axis)
    text_axis = figure.add_axes((PANEL_LEFT, 0.09, PANEL_WIDTH, 0.11), sharex=posterior_axis)
    draw_line_over_frames(image_axis, columns, frame_columns)
    draw_posteriors(posterior_axis, log_probs, alphabet)
    draw_texts(text_axis, texts, frames, None)
    draw_heading(figure, recognition)
    writer = f"   writer {recognition.group_id}" if recognition.group_id else ""
    footer(figure, f"sample {recognition.id}{writer}", f"model {model_name}" if model_name else "")
    return figure


def draw_line_over_frames(axis: Axes, columns: np.ndarray, frame_columns: np.ndarray) -> None:
    """Draws a line image [W, H] so that each of its columns stands above the frame that reads it."""
    if len(columns) and len(frame_columns):
        step = (frame_columns[-1] - frame_columns[0]) / max(len(frame_columns) - 1, 1) or 1.0
        left, right = ((edge - frame_columns[0]) / step for edge in (0, len(columns)))
        axis.imshow(
            columns.T, aspect="auto", interpolation="bilinear", cmap="gray", vmin=0, vmax=255,
            extent=(left, right, columns.shape[1] - 0.5, -0.5),
        )  # fmt: skip
    axis.set_yticks([])
    bare(axis, "bottom")
    axis.tick_params(labelbottom=False)
    title(axis, "the line, above the frames that read it")
