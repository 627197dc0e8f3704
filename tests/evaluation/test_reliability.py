"""Words of an evaluation with their confidences, as a number and as a picture."""

import pytest

from seqapp.evaluation import Recognition, summarise, to_text
from seqapp.evaluation.plots.figure import save_figure
from seqapp.evaluation.plots.reliability import plot_reliability
from seqapp.evaluation.reliability import word_reliability


def read(id, reference, hypothesis, confidence):
    size = len(hypothesis)
    return Recognition(id, "w", reference, hypothesis, confidence, range(size), [confidence] * size)


def evaluation(*recognitions):
    return summarise(recognitions, replications=10)


def test_half_of_the_surest_words_are_right():
    found = word_reliability(evaluation(read("a", "the cat", "the hat", 0.95), read("b", "on", "on", 0.35)))
    assert found.count.tolist() == [1, 2] and found.accuracy.tolist() == [1.0, 0.5]
    assert found.expected_calibration_error == pytest.approx((0.65 + 2 * 0.45) / 3)


def test_the_report_states_it_and_leaves_out_what_has_no_confidence(tmp_path):
    sure = evaluation(read("a", "cat", "cat", 0.9))
    assert "Confidences of 1 words: expected calibration error 10.00 %." in to_text(sure)
    assert "Confidences" not in to_text(evaluation(Recognition("a", "w", "cat", "cat")))
    assert word_reliability(evaluation(Recognition("a", "w", "cat", ""))) is None
    assert save_figure(plot_reliability(word_reliability(sure)), tmp_path / "r.png").stat().st_size > 1000
