import numpy as np
import pytest
import tensorflow as tf

from seqapp.conditions.speech.telephone import band_pass, companded, telephone
from tests.sounds import RATE_HZ, decibels, noise, tone


def gain_db(function, frequency_hz):
    """How much louder a tone comes out, away from its ends."""
    sound = tone(frequency_hz, 2**15, amplitude=0.3)
    middle = slice(4_000, -4_000)
    return decibels(np.mean(function(sound).numpy()[middle] ** 2) / np.mean(sound[middle] ** 2) + 1e-12)


@pytest.mark.parametrize(
    ("frequency_hz", "low", "high"), [(50, -200, -40), (1_000, -0.1, 0.1), (2_900, -0.1, 0.1), (4_000, -200, -40)]
)
def test_a_band_passes(frequency_hz, low, high):
    assert low <= gain_db(lambda sound: band_pass(sound, 300.0, 3_000.0, RATE_HZ), frequency_hz) <= high


def test_a_band_without_ends_changes_nothing():
    np.testing.assert_allclose(band_pass(noise(), 0.0, 8_000.0, RATE_HZ), noise(), atol=1e-5)


@pytest.mark.parametrize(
    ("frequency_hz", "low", "high"), [(100, -200, -25), (1_000, -0.3, 0.3), (3_000, -0.3, 0.3), (5_000, -200, -40)]
)
def test_a_line_is_narrow(frequency_hz, low, high):
    assert low <= gain_db(lambda sound: telephone(sound, RATE_HZ), frequency_hz) <= high


def test_the_voice_stays_where_it_was():
    sound = noise(9_999)
    sound[:4_000] = 0
    narrow = band_pass(sound, 300.0, 3_400.0, RATE_HZ).numpy()
    assert np.corrcoef(narrow, telephone(sound, RATE_HZ).numpy())[0, 1] > 0.99


def test_steps_of_g711():
    levels = companded(tf.linspace(-1.0, 1.0, 100_001)).numpy()
    assert 250 <= len(np.unique(levels)) <= 256
    np.testing.assert_allclose(levels, np.linspace(-1, 1, 100_001), atol=0.03)
    small = np.linspace(-0.01, 0.01, 1_001, dtype=np.float32)
    np.testing.assert_allclose(companded(small), small, atol=4e-4)


@pytest.mark.parametrize("length", [0, 1, 5])
def test_the_shortest_survive(length):
    assert np.isfinite(telephone(noise(length), RATE_HZ)).all() and len(telephone(noise(length), RATE_HZ)) == length
