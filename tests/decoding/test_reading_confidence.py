"""The regression gives the probability that a reading is right, and a bound below which it is of no use."""

import json

import numpy as np
import pytest
from scipy.special import expit

from seqapp.decoding.reading_confidence import ReadingConfidence, doubt


def made_up(count=4_000, seed=0):
    """Log-probabilities, numbers of characters, whether each text is right, and the probability of that."""
    rng = np.random.default_rng(seed)
    log_probs = -np.exp(rng.normal(0.0, 2.0, count))
    num_labels = np.where(rng.random(count) < 0.1, 0, rng.integers(1, 30, count))
    true = expit(0.5 - 1.5 * doubt(log_probs) - 2.0 * (num_labels == 0))
    return log_probs, num_labels, rng.random(count) < true, true


def fit(log_probs, num_labels, is_right, is_bad=None, **more):
    is_bad = np.zeros(len(is_right), bool) if is_bad is None else is_bad
    return ReadingConfidence.fit(log_probs, num_labels, is_right, is_bad, **more)


def test_it_finds_the_probability_that_there_was():
    confidence = fit(*made_up()[:3])
    log_probs, num_labels, _, true = made_up(seed=1)
    assert np.abs(confidence(log_probs, num_labels) - true).mean() < 0.02


def test_less_probable_texts_have_less_confidence_and_none_breaks():
    confidence = fit(*made_up()[:3])
    falling = confidence(np.array([0.1, 0.0, -0.1, -9.0, -1e4, -1e30]), 5)
    assert (np.diff(falling) <= 0).all() and np.isfinite(falling).all() and falling[-1] < 1e-6


@pytest.mark.parametrize("is_right", [True, False])
def test_readings_of_one_kind_alone_are_not_taken_for_certain(is_right):
    log_probs, num_labels, *_ = made_up(20)
    confidences = fit(log_probs, num_labels, np.full(20, is_right))(log_probs, num_labels)
    np.testing.assert_allclose(confidences, 21 / 22 if is_right else 1 / 22, atol=0.01)


def test_the_best_path_tells_what_the_text_does_not():
    rng = np.random.default_rng(5)
    log_probs, num_labels, _, _ = made_up()
    paths = log_probs - np.exp(rng.normal(0.0, 2.0, len(log_probs)))
    is_right = rng.random(len(paths)) < expit(1.0 - doubt(log_probs) - 0.7 * doubt(paths))
    confidence = fit(log_probs, num_labels, is_right, path_log_probs=paths)
    assert confidence.path == pytest.approx(-0.7, abs=0.15)
    assert confidence(-1.0, 5, path_log_prob=-1.0) > confidence(-1.0, 5, path_log_prob=-9.0)


def test_the_bound_is_one_of_log_probability_per_character():
    """Of long texts one character is nearly always wrong: that does not make them useless."""
    log_probs, num_labels, is_right, _ = made_up()
    is_bad = (log_probs / (num_labels + 1) < -0.3) | (num_labels == 0)
    confidence = fit(log_probs, num_labels, is_right, is_bad)
    assert confidence.sure_log_prob == pytest.approx(-0.3, abs=0.02)
    is_sure = confidence.is_sure(confidence(log_probs, num_labels), log_probs, num_labels)
    assert (is_sure == ~is_bad).mean() > 0.995
    assert confidence.judge(-9.0, 60)[1] and not confidence.judge(-9.0, 6)[1] and not confidence.judge(0.0, 0)[1]


def test_every_reading_is_sure_where_none_was_bad():
    confidence = fit(*made_up(100)[:3])
    assert confidence.sure_log_prob is None and confidence.sure_from == 0.0 and confidence.judge(-1e9, 0)[1]


def test_a_reading_is_judged_by_its_probability():
    """As those files want it that were written before there was a bound per character."""
    confidence = ReadingConfidence(0.5, -1.0, -2.0, 0.4)
    number, is_sure = confidence.judge(-0.5, 7)
    assert number == pytest.approx(expit(0.5 - np.log(0.51))) and is_sure
    assert confidence.judge(-0.5, 0)[0] == pytest.approx(expit(-1.5 - np.log(0.51)))
    assert not confidence.judge(-0.5, 0)[1]


def test_it_is_kept_in_a_file_with_what_is_known_of_the_fit(tmp_path):
    confidence = fit(*made_up(100)[:3], is_bad=made_up(100)[0] < -3.0, path_log_probs=made_up(100, seed=1)[0])
    assert confidence.path and confidence.sure_log_prob
    (tmp_path / "confidence.json").write_text(confidence.to_json(readings=100))
    assert ReadingConfidence.load(tmp_path / "confidence.json") == confidence
    assert json.loads((tmp_path / "confidence.json").read_text())["readings"] == 100
    assert ReadingConfidence.load(tmp_path / "none.json") is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"bias": 1, "doubt": "?", "empty": 0, "sure_from": 0}'])
def test_another_file_is_named(tmp_path, content):
    (tmp_path / "confidence.json").write_text(content)
    with pytest.raises(ValueError, match=r"confidence\.json: expected the numbers bias"):
        ReadingConfidence.load(tmp_path / "confidence.json")
