"""Sounds without a text: as long as the recording, repeatable, at their level."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.speech.unreadable import UNREADABLE
from tests.sounds import chirp, decibels

CONDITIONS = find_conditions(["all"], UNREADABLE)
VOICE = chirp(8_000)


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_sound_without_a_text(condition):
    once, again = (condition.apply(VOICE, 1, None) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once.dtype == np.float32 and once.shape == VOICE.shape and np.isfinite(once).all()
    assert not np.allclose(once, VOICE, atol=1e-3)
    for length in (0, 1):
        assert len(condition.apply(VOICE[:length], 1, None)) == length


@pytest.mark.parametrize("name", ["noise_alone", "music"])
def test_its_level(name):
    (condition,) = find_conditions([f"{name}=-20"], UNREADABLE)
    assert decibels(np.mean(condition.apply(VOICE, 1, None) ** 2)) == pytest.approx(-20.0, abs=0.1)


def test_silence_is_the_last_bit():
    (condition,) = find_conditions(["silence"], UNREADABLE)
    assert np.abs(condition.apply(VOICE, 1, None)).max() <= 1 / 32768
