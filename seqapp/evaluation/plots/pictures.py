"""Plots of an evaluation as files."""

from pathlib import Path

import numpy as np

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.evaluation import Evaluation
from seqapp.evaluation.plots.conditions import plot_conditions
from seqapp.evaluation.plots.errors import plot_errors
from seqapp.evaluation.plots.figure import save_figure
from seqapp.evaluation.plots.image_alignment import plot_image_alignment
from seqapp.evaluation.plots.ink_alignment import plot_alignment
from seqapp.evaluation.plots.reliability import plot_reliability
from seqapp.evaluation.plots.speech_alignment import plot_speech_alignment
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.reliability import word_reliability
from seqapp.input_pipeline.read import read_inputs
from seqapp.models import Transcriber


def save_pictures(transcriber, examples, evaluation: Evaluation, folder: str | Path) -> None:
    """Save errors.png, reliability.png where there are confidences, and alignment.png of the median example.

    Args:
        transcriber: `Transcriber`.
        examples: `Examples` that were evaluated.
        evaluation: `Evaluation`.
        folder: Made where it is missing.
    """
    folder = Path(folder)
    save_figure(plot_errors(evaluation), folder / "errors.png")
    if reliability := word_reliability(evaluation):
        save_figure(plot_reliability(reliability), folder / "reliability.png")
    if median := evaluation.median(1):
        index = int(np.flatnonzero(examples.ids == median[0].recognition.id)[0])
        save_alignment(transcriber, examples, index, folder / "alignment.png")


def save_conditions(scores, sense, model_name: str, folder: str | Path) -> None:
    """Save conditions.png: error rate and mean confidence by recording condition.

    Args:
        scores: `ConditionScore`s.
        sense: `Sense`: what is spoken is counted in words, what is written in characters.
        model_name: For the footer.
        folder: Made where it is missing.
    """
    name = "WER" if sense.name == "speech" else "CER"
    scores = [score for score in scores if score.has_text]
    rates = [(score.evaluation.words if name == "WER" else score.evaluation.characters).rate for score in scores]
    confidences = [score.quality.mean for score in scores]
    figure = plot_conditions([score.title for score in scores], rates, confidences, name, model_name)
    save_figure(figure, Path(folder) / "conditions.png")


def save_alignment(transcriber, examples, index: int, path: str | Path) -> None:
    """Save the alignment plot of one example: raw input, posteriors and text over the same frames.

    Args:
        transcriber: `Transcriber`.
        examples: `Examples` of its sense.
        index: Which of them; without a text its hypothesis stands as reference too.
        path: Of the picture.
    """
    raw = examples.raw_of(index)
    log_probs, places = transcriber.log_probs(raw)
    (reading,) = transcriber.transcribe([raw])
    read = Recognition(
        str(examples.ids[index]), str(examples.group_ids[index]), str(examples.texts[index]) or reading.text,
        reading.text, reading.confidence, reading.char_frames, reading.char_confidences,
    )  # fmt: skip
    save_figure(PLOTS[transcriber.sense.name](transcriber, raw, log_probs, places, read), path)


def save_first_alignment(model: str | Path, path: str | Path, picture: str | Path) -> None:
    """Save the alignment plot of the first usable example of a file, folder or archive.

    Args:
        model: A workdir, a SavedModel, or the folder of its versions.
        path: What it reads.
        picture: The file to write.

    Raises:
        ValueError: Where there is nothing usable.
    """
    transcriber = Transcriber.load(model)
    examples = read_inputs([path], transcriber.sense, Skipped(), single_lines=not transcriber.reads_notes)
    if not len(examples):
        raise ValueError(f"{path} holds nothing usable. pipelines/transcribe.py names what is wrong with it.")
    save_alignment(transcriber, examples, 0, picture)


def _plot_ink(transcriber, points, log_probs, frame_of_point, read):
    order = np.argsort(frame_of_point, kind="stable")  # late strokes of a note stand in between
    first = np.searchsorted(frame_of_point[order], np.arange(len(log_probs))).clip(max=len(points) - 1)
    first_point = order[first]
    times_s = points[first_point, 2] if points[-1, 2] > 0 else None
    return plot_alignment(points, frame_of_point, log_probs, transcriber.alphabet, read, times_s, transcriber.name)


def _plot_speech(transcriber, samples, log_probs, frame_times_s, read):
    features = transcriber.sense.features(transcriber.sense.as_inputs(samples)).numpy()
    return plot_speech_alignment(features, log_probs, transcriber.alphabet, read, frame_times_s, transcriber.name)


def _plot_image(transcriber, columns, log_probs, frame_columns, read):
    return plot_image_alignment(columns, log_probs, transcriber.alphabet, read, frame_columns, transcriber.name)


PLOTS = {"ink": _plot_ink, "speech": _plot_speech, "image": _plot_image}
