"""The pictures of an evaluation as files."""

from pathlib import Path

import numpy as np

from seqapp.datasets.ink import Ink
from seqapp.evaluation.alignment_plot import plot_alignment
from seqapp.evaluation.errors_plot import plot_errors
from seqapp.evaluation.figure import save_figure
from seqapp.evaluation.recognition import Recognition


def save_pictures(transcriber, examples, evaluation, folder):
    """errors.png, and alignment.png of the median line.

    Args:
        transcriber: `Transcriber`.
        examples: `Examples` that were evaluated.
        evaluation: `Evaluation`.
        folder: Made where it is missing.
    """
    folder = Path(folder)
    save_figure(plot_errors(evaluation), folder / "errors.png")
    if median := evaluation.median(1):
        index = int(np.flatnonzero(examples.ids == median[0].recognition.id)[0])
        ink = Ink(str(examples.ids[index]), examples.points_of(index), str(examples.texts[index]))
        save_alignment(transcriber, ink, folder / "alignment.png")


def save_alignment(transcriber, ink, path):
    """The alignment picture of one ink: strokes, posteriors and text over the same frames.

    Args:
        transcriber: `Transcriber`.
        ink: `Ink`; without a text its hypothesis stands as reference too.
        path: Of the picture.
    """
    (reading,) = transcriber.transcribe([ink.points])
    log_probs, frame_of_point = transcriber.log_probs(ink.points)
    read = Recognition(
        ink.id, ink.writer_id, ink.text or reading.text, reading.text, reading.confidence,
        reading.char_frames, reading.char_confidences,
    )  # fmt: skip
    first_point = np.searchsorted(frame_of_point, np.arange(len(log_probs))).clip(max=len(ink.points) - 1)
    is_timed = ink.points[-1, 2] > 0
    figure = plot_alignment(
        ink.points, frame_of_point, log_probs, transcriber.alphabet, read,
        ink.points[first_point, 2] if is_timed else None, transcriber.name,
    )  # fmt: skip
    save_figure(figure, path)
