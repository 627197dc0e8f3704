"""The regression gives the probability that a reading is right, whatever the scale of what it looks at."""

import json

import numpy as np
import pytest
from scipy.special import expit

from seqapp.decoding.reading_confidence import LEAST, STATISTICS, BestClasses, ReadingConfidence, reading_statistics


def made_up(count=4_000, seed=0):
    """Statistics, whether each reading is right, and the probability that this was drawn with."""
    rng = np.random.default_rng(seed)
    statistics = rng.normal(size=[count, len(STATISTICS)]) * np.geomspace(0.1, 10, len(STATISTICS)) + 3.0
    true = expit((statistics - 3.0) @ (1.0 / np.geomspace(0.1, 10, len(STATISTICS))) - 0.5)
    return statistics, rng.random(count) < true, true


def fit(statistics, is_right, is_bad=None):
    return ReadingConfidence.fit(statistics, is_right, np.zeros(len(is_right), bool) if is_bad is None else is_bad)


def test_it_finds_the_probability_that_there_was():
    confidence = fit(*made_up()[:2])
    statistics, _, true = made_up(seed=1)
    assert np.abs(confidence(statistics) - true).mean() < 0.03


def test_statistics_are_what_their_names_say():
    frames = BestClasses.of(np.log([[0.9, 0.1], [0.01, 0.99], [0.5, 0.5], [0.4, 0.6]]))
    found = dict(zip(STATISTICS, reading_statistics([0.9, 0.5], frames)))
    assert found["mean_character"] == pytest.approx(np.log(0.45) / 2)
    assert found["weakest_character"] == pytest.approx(np.log(0.5))
    assert found["all_characters"] == pytest.approx(np.log(0.45)) and found["wavering_frames"] == 0.5
    assert found["mean_frame"] == pytest.approx(np.log(0.9 * 0.99 * 0.5 * 0.6) / 4)
    assert found["characters_per_frame"] == 0.5 and found["is_empty"] == 0.0
    assert found["num_characters"] == pytest.approx(np.log(3))


@pytest.mark.parametrize("frames", [BestClasses(), BestClasses(-2.1, 1, 2)])
def test_readings_of_nothing_and_probabilities_of_nothing_stay_finite(frames):
    found = reading_statistics([], frames)
    assert np.isfinite(found).all() and found[STATISTICS.index("is_empty")] == 1.0
    assert reading_statistics([0.0] * 9, frames)[STATISTICS.index("all_characters")] == LEAST


@pytest.mark.parametrize("is_right", [True, False])
def test_readings_of_one_kind_alone_are_not_taken_for_certain(is_right):
    statistics = made_up(20)[0]
    confidences = fit(statistics, np.full(20, is_right))(statistics)
    np.testing.assert_allclose(confidences, 0.975 if is_right else 0.025)


def test_a_statistic_that_never_varies_does_no_harm():
    statistics, is_right, _ = made_up(500)
    statistics[:, 3] = 7.0
    assert np.isfinite(fit(statistics, is_right)(statistics)).all()


def test_the_bound_divides_readings_of_no_use_from_others_as_well_as_can_be():
    statistics, is_right, true = made_up()
    is_bad = true < 0.2
    confidence = fit(statistics, is_right, is_bad)
    is_unsure = confidence(statistics) < confidence.sure_from
    assert (is_unsure == is_bad).mean() > 0.95


def test_the_bound_is_0_where_no_reading_was_bad():
    confidence = fit(*made_up(100)[:2])
    assert confidence.sure_from == 0.0 and confidence.judge([0.1], BestClasses(-9.0, 9, 9))[1]


def test_a_reading_is_judged_by_its_statistics():
    confidence = ReadingConfidence(dict.fromkeys(STATISTICS, 0.5), 1.0, 0.3)
    frames = BestClasses(-1.0, 1, 4)
    number, is_sure = confidence.judge([0.9, 0.8], frames)
    assert number == float(confidence(reading_statistics([0.9, 0.8], frames))) and is_sure == (number >= 0.3)


def test_it_is_kept_in_a_file_with_what_is_known_of_the_fit(tmp_path):
    confidence = fit(*made_up(100)[:2])
    confidence.save(tmp_path / "confidence.json", readings=100)
    assert ReadingConfidence.load(tmp_path / "confidence.json") == confidence
    assert json.loads((tmp_path / "confidence.json").read_text())["readings"] == 100
    assert ReadingConfidence.load(tmp_path / "none.json") is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"weights": {"a": 1}, "bias": 0, "sure_from": 0}'])
def test_another_file_is_named(tmp_path, content):
    (tmp_path / "confidence.json").write_text(content)
    with pytest.raises(ValueError, match=r"confidence\.json: expected weights"):
        ReadingConfidence.load(tmp_path / "confidence.json")
