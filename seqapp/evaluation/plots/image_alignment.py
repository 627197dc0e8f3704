"""Alignment plot of a line image: the line, posteriors and texts over the same frames.

From top to bottom: the line; what the network believes; what was written and what was read, where characters are
emitted; and the line again, its ink in the colours of these characters.
"""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seqapp.evaluation.plots.alignment_columns import Column, character_of_point, code_point_frames, text_columns
from seqapp.evaluation.plots.figure import ERROR, QUIET, bare, footer, new_figure, title
from seqapp.evaluation.plots.ink import CHARACTER_COLOURS
from seqapp.evaluation.plots.posteriors import PANEL_LEFT, PANEL_WIDTH, check_shapes, draw_heading, draw_posteriors
from seqapp.evaluation.plots.texts import draw_texts
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet

LOWEST_LINE, HIGHEST_LINE = 0.05, 0.16  # shares of the figure's height
NARROWEST_PANEL = 0.2  # share of its width
GRAIN = 0.15  # of full darkness: fainter is paper


def plot_image_alignment(
    columns: np.ndarray,
    log_probs: np.ndarray,
    alphabet: Alphabet,
    recognition: Recognition,
    frame_columns: np.ndarray,
    model_name: str = "",
) -> Figure:
    """Draw one recognised line.

    Args:
        columns: Uint8 `[W, H]`, 255 white, its columns from left to right.
        log_probs: Float `[T, K]`, log posteriors, blank last.
        alphabet: Of the K - 1 labels.
        recognition: With `char_frames`; its texts as decoded, not normalised afterwards.
        frame_columns: Float `[T]`, the column in the middle of each frame: rising evenly, or falling where the line is
            read from right to left. Then the frames are drawn from right to left too, below what they read.
        model_name: For the footer.

    Returns:
        A figure for `save_figure`.

    Raises:
        ValueError: Shapes, alphabet and recognition do not belong together.
    """
    columns = np.asarray(columns)
    log_probs = np.asarray(log_probs)
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
    line_axis, posterior_axis, text_axis, painted_axis = _axes(figure, *columns.shape)
    extent = _extent(len(columns), frame_columns)
    draw_line(line_axis, columns, extent)
    draw_posteriors(posterior_axis, log_probs, alphabet)
    draw_texts(text_axis, texts, frames, None)
    draw_painted_line(painted_axis, columns, extent, texts)
    if extent[0] > extent[1]:
        posterior_axis.invert_xaxis()
    draw_heading(figure, recognition)
    writer = f"   writer {recognition.group_id}" if recognition.group_id else ""
    footer(figure, f"sample {recognition.id}{writer}", f"model {model_name}" if model_name else "")
    return figure


def draw_line(axis: Axes, columns: np.ndarray, extent: tuple[float, float]) -> None:
    """Draw a line image `[W, H]` so that each of its columns stands above the frame that reads it."""
    _draw(axis, columns.T, extent, cmap="gray", vmin=0, vmax=255)
    bare(axis, "bottom")
    axis.tick_params(labelbottom=False)
    title(axis, "the line, above the frames that read it")


def draw_painted_line(axis: Axes, columns: np.ndarray, extent: tuple[float, float], texts: Sequence[Column]) -> None:
    """Draw the ink of a line image `[W, H]`, each column in the colour of the character nearest to its frame."""
    read = [text for text in texts if text.symbol_index >= 0]
    colours = [CHARACTER_COLOURS[t.symbol_index % len(CHARACTER_COLOURS)] if t.correct else ERROR for t in read]
    palette = matplotlib.colors.to_rgba_array([*colours, QUIET])  # the last one where nothing was read
    left, right = extent
    frame_of_column = left + (np.arange(len(columns)) + 0.5) / max(len(columns), 1) * (right - left)
    owner = character_of_point(np.maximum(frame_of_column, 0.0), [text.position for text in read])
    painted = palette[np.broadcast_to(owner, (columns.shape[1], len(columns)))]
    painted[..., 3] = _ink(columns).T
    _draw(axis, painted, extent)
    bare(axis)
    axis.tick_params(left=False, bottom=False, labelbottom=False)
    title(axis, "the text read, painted back onto the line")


def _axes(figure: Figure, width: int, height: int) -> list[Axes]:
    """Add four panels over the frames, at the scale that shows the line in its own shape; heights are shares.

    A short line leaves room at the right rather than be stretched.
    """
    shape = figure.get_figwidth() / figure.get_figheight() * height / max(width, 1)
    panel_width = float(np.clip(HIGHEST_LINE / max(shape, 1e-6), NARROWEST_PANEL, PANEL_WIDTH))
    line_height = float(np.clip(shape * panel_width, LOWEST_LINE, HIGHEST_LINE))

    def panel(bottom, height, **shared):
        return figure.add_axes((PANEL_LEFT, bottom, panel_width, height), **shared)

    posteriors = panel(0.27 + line_height, 0.555 - 2 * line_height)
    line = panel(0.87 - line_height, line_height, sharex=posteriors)
    texts = panel(0.135 + line_height, 0.11, sharex=posteriors)
    return [line, posteriors, texts, panel(0.05, line_height, sharex=posteriors)]


def _extent(width: int, frame_columns: np.ndarray) -> tuple[float, float]:
    """Return the frames at which the left and the right end of an image lie."""
    if not width or not len(frame_columns):
        return -0.5, -0.5
    step = (frame_columns[-1] - frame_columns[0]) / max(len(frame_columns) - 1, 1) or 1.0
    left, right = ((edge - frame_columns[0]) / step for edge in (0, width))
    return left, right


def _ink(columns: np.ndarray) -> np.ndarray:
    """Compute the darkness of each pixel, float `[W, H]`: 0 the line's paper and its grain, 1 its darkest strokes."""
    paper, dark = np.quantile(columns, (0.5, 0.01)) if columns.size else (255.0, 0.0)
    darkness = (paper - columns.astype(np.float32)) / max(paper - dark, 1.0)
    return np.clip((darkness - GRAIN) / (1.0 - GRAIN), 0.0, 1.0)


def _draw(axis: Axes, image: np.ndarray, extent: tuple[float, float], **options) -> None:
    if image.size:
        ends = (*extent, image.shape[0] - 0.5, -0.5)
        axis.imshow(image, aspect="auto", interpolation="bilinear", extent=ends, **options)
    axis.set_yticks([])
