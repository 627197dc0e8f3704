"""The regression gives the probability that a reading is right, and a bound below which it is of no use."""

import json

import numpy as np
import pytest
from scipy.special import expit

from seqapp.decoding.reading_confidence import ReadingConfidence, doubt


def made_up(count=4_000, seed=0):
    """Log-probabilities, whether each text is empty and right, and the probability that this was drawn with."""
    rng = np.random.default_rng(seed)
    log_probs = -np.exp(rng.normal(0.0, 2.0, count))
    is_empty = rng.random(count) < 0.1
    true = expit(0.5 - 1.5 * doubt(log_probs) - 2.0 * is_empty)
    return log_probs, is_empty, rng.random(count) < true, true


def fit(log_probs, is_empty, is_right, is_bad=None):
    return ReadingConfidence.fit(
        log_probs, is_empty, is_right, np.zeros(len(is_right), bool) if is_bad is None else is_bad
    )


def test_it_finds_the_probability_that_there_was():
    confidence = fit(*made_up()[:3])
    log_probs, is_empty, _, true = made_up(seed=1)
    assert np.abs(confidence(log_probs, is_empty) - true).mean() < 0.02


def test_less_probable_texts_have_less_confidence_and_none_breaks():
    confidence = fit(*made_up()[:3])
    falling = confidence(np.array([0.1, 0.0, -0.1, -9.0, -1e4, -1e30]), False)
    assert (np.diff(falling) <= 0).all() and np.isfinite(falling).all() and falling[-1] < 1e-6


@pytest.mark.parametrize("is_right", [True, False])
def test_readings_of_one_kind_alone_are_not_taken_for_certain(is_right):
    log_probs, is_empty, *_ = made_up(20)
    confidences = fit(log_probs, is_empty, np.full(20, is_right))(log_probs, is_empty)
    np.testing.assert_allclose(confidences, 21 / 22 if is_right else 1 / 22, atol=0.01)


def test_the_bound_divides_readings_of_no_use_from_others_as_well_as_can_be():
    log_probs, is_empty, is_right, true = made_up()
    is_bad = true < 0.2
    confidence = fit(log_probs, is_empty, is_right, is_bad)
    is_unsure = confidence(log_probs, is_empty) < confidence.sure_from
    assert (is_unsure == is_bad).mean() > 0.95


def test_the_bound_is_0_where_no_reading_was_bad():
    confidence = fit(*made_up(100)[:3])
    assert confidence.sure_from == 0.0 and confidence.judge(-1e9, True)[1]


def test_a_reading_is_judged_by_its_probability():
    confidence = ReadingConfidence(0.5, -1.0, -2.0, 0.4)
    number, is_sure = confidence.judge(-0.5, is_empty=False)
    assert number == pytest.approx(expit(0.5 - np.log(0.51))) and is_sure
    assert confidence.judge(-0.5, is_empty=True)[0] == pytest.approx(expit(-1.5 - np.log(0.51)))
    assert not confidence.judge(-0.5, is_empty=True)[1]


def test_it_is_kept_in_a_file_with_what_is_known_of_the_fit(tmp_path):
    confidence = fit(*made_up(100)[:3])
    (tmp_path / "confidence.json").write_text(confidence.to_json(readings=100))
    assert ReadingConfidence.load(tmp_path / "confidence.json") == confidence
    assert json.loads((tmp_path / "confidence.json").read_text())["readings"] == 100
    assert ReadingConfidence.load(tmp_path / "none.json") is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"bias": 1, "doubt": "?", "empty": 0, "sure_from": 0}'])
def test_another_file_is_named(tmp_path, content):
    (tmp_path / "confidence.json").write_text(content)
    with pytest.raises(ValueError, match=r"confidence\.json: expected the numbers bias"):
        ReadingConfidence.load(tmp_path / "confidence.json")
