"""The pictures of an evaluation are drawn from the transcriber's own beliefs, and of the median line."""

import numpy as np
import pytest

import seqapp.evaluation.plots.pictures as pictures
from seqapp.evaluation.evaluate import evaluate
from seqapp.evaluation.plots.pictures import save_alignment, save_pictures
from seqapp.input_pipeline import Examples
from seqapp.models import Reading
from seqapp.senses import InkSense
from seqapp.text import Alphabet
from tests.small_models import scribble

LABELS = {"best": "ab ba", "median": "ab aa", "worst": "ba ab"}


class FakeTranscriber:
    """Reads "ab ba" in everything, a character every third frame."""

    alphabet, name, sense = Alphabet(tuple(" ab")), "fake", InkSense

    def transcribe(self, inks, batch_size=32):
        return [Reading("ab ba", 0.9, (0, 3, 6, 9, 12), (0.9,) * 5) for _ in inks]

    def log_probs(self, points):
        probabilities = np.full([15, 4], 0.01)
        probabilities[np.arange(0, 15, 3), [1, 2, 0, 2, 1]] = 0.9
        probabilities[:, 3] = 1 - probabilities[:, :3].sum(axis=1)
        return np.log(probabilities), np.minimum(np.arange(len(points)), 14)


@pytest.fixture
def drawn(monkeypatch):
    """Recognitions whose alignment was drawn."""
    recognitions, plot = [], pictures.plot_alignment

    def recording_plot(points, frames, log_probs, alphabet, recognition, *options, **more):
        recognitions.append(recognition)
        return plot(points, frames, log_probs, alphabet, recognition, *options, **more)

    monkeypatch.setattr(pictures, "plot_alignment", recording_plot)
    return recognitions


def test_errors_and_the_alignment_of_the_median_line_are_saved(drawn, tmp_path):
    examples = Examples.from_iterable(
        ({"id": name, "writer_id": "w", "text": text, "points": scribble(30)} for name, text in LABELS.items()),
        InkSense,
    )
    evaluation = evaluate(FakeTranscriber(), examples)
    save_pictures(FakeTranscriber(), examples, evaluation, tmp_path / "new" / "folder")
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == {
        "errors.png",
        "reliability.png",
        "alignment.png",
    }
    assert [(r.id, r.reference, r.hypothesis) for r in drawn] == [("median", "ab aa", "ab ba")]


def test_an_ink_without_a_label_is_compared_with_its_own_reading(drawn, tmp_path):
    records = [{"id": "mine", "writer_id": "", "text": "", "points": scribble(20)}]
    save_alignment(FakeTranscriber(), Examples.from_iterable(records, InkSense), 0, tmp_path / "alignment.svg")
    assert (tmp_path / "alignment.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")
    assert drawn[0].reference == drawn[0].hypothesis == "ab ba"
