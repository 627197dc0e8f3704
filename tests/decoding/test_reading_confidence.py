"""The regression gives the probability that a reading is right, whatever the scale of what it looks at."""

import numpy as np
import pytest
from scipy.special import expit

from seqapp.decoding.reading_confidence import LEAST, STATISTICS, ReadingConfidence, reading_statistics


def made_up(count=4_000, seed=0):
    """Statistics, whether each reading is right, and the probability that this was drawn with."""
    rng = np.random.default_rng(seed)
    statistics = rng.normal(size=[count, len(STATISTICS)]) * np.geomspace(0.1, 10, len(STATISTICS)) + 3.0
    true = expit((statistics - 3.0) @ (1.0 / np.geomspace(0.1, 10, len(STATISTICS))) - 0.5)
    return statistics, rng.random(count) < true, true


def test_it_finds_the_probability_that_there_was():
    confidence = ReadingConfidence.fit(*made_up()[:2])
    statistics, _, true = made_up(seed=1)
    assert np.abs(confidence(statistics) - true).mean() < 0.03


def test_statistics_are_what_their_names_say():
    found = dict(zip(STATISTICS, reading_statistics(np.log([0.9, 0.5]), np.log([0.9, 0.99, 0.5, 0.6]))))
    assert found["mean_character"] == pytest.approx(np.log(0.45) / 2) and found["weakest_character"] == np.log(0.5)
    assert found["all_characters"] == pytest.approx(np.log(0.45)) and found["wavering_frames"] == 0.5
    assert found["mean_frame"] == pytest.approx(np.log(0.9 * 0.99 * 0.5 * 0.6) / 4)
    assert found["characters_per_frame"] == 0.5 and found["is_empty"] == 0.0
    assert found["num_characters"] == pytest.approx(np.log(3))


@pytest.mark.parametrize("frames", [[], [-0.1, -np.inf]])
def test_readings_of_nothing_and_probabilities_of_nothing_stay_finite(frames):
    found = reading_statistics([], frames)
    assert np.isfinite(found).all() and found[STATISTICS.index("is_empty")] == 1.0
    assert reading_statistics([-np.inf] * 9, frames)[STATISTICS.index("all_characters")] == LEAST


@pytest.mark.parametrize("is_right", [True, False])
def test_readings_of_one_kind_alone_are_not_taken_for_certain(is_right):
    statistics = made_up(20)[0]
    confidences = ReadingConfidence.fit(statistics, [is_right] * 20)(statistics)
    np.testing.assert_allclose(confidences, 0.975 if is_right else 0.025)


def test_a_statistic_that_never_varies_does_no_harm():
    statistics, is_right, _ = made_up(500)
    statistics[:, 3] = 7.0
    assert np.isfinite(ReadingConfidence.fit(statistics, is_right)(statistics)).all()
