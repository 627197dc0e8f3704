"""Every condition of the table, at its own strengths: repeatable, finite, and not without effect."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.speech.table import TABLE
from tests.sounds import RATE_HZ, chirp, decibels, noise

CONDITIONS = find_conditions(["all"], TABLE)
VOICE = chirp(8_000) + 0.05 * noise(8_000)


def others(rng):
    return noise(int(rng.integers(1_000, 9_000)), seed=int(rng.integers(100)))


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_it_is_repeatable_finite_and_does_something(condition):
    once, again = (condition.apply(VOICE, 1, others) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once.dtype == np.float32 and once.ndim == 1 and np.isfinite(once).all()
    assert once.shape != VOICE.shape or not np.allclose(once, VOICE, atol=1e-4)


@pytest.mark.parametrize("name", ["white_noise", "pink_noise", "hum_noise", "babble"])
def test_noise_has_its_ratio(name):
    (condition,) = find_conditions([f"{name}=12"], TABLE)
    added = condition.apply(VOICE, 3, others) - VOICE
    assert decibels(np.mean(VOICE**2) / np.mean(added**2)) == pytest.approx(12.0, abs=0.05)


def test_the_seed_decides():
    (condition,) = find_conditions(["babble=10"], TABLE)
    assert not np.allclose(condition.apply(VOICE, 1, others), condition.apply(VOICE, 2, others))


def test_silence_around():
    (condition,) = find_conditions(["silence_around=0.5"], TABLE)
    assert len(condition.apply(VOICE, 1, others)) == len(VOICE) + RATE_HZ
