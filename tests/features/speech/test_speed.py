"""A resampled sine is known exactly: the sine of another frequency, or silence where that cannot be held."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.features.speech.speed import change_speed, num_resampled
from tests.sounds import RATE_HZ, decibels, noise, peak_hz, tone

FACTORS = [0.5, 0.8, 0.9, 0.995, 1.005, 1.1, 1.25, 2.0]


@pytest.fixture(scope="module")
def traced():
    return tf.function(change_speed, input_signature=[tf.TensorSpec([None]), tf.TensorSpec([])])


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("frequency_hz", [20.0, 440.0, 3000.0, 5000.0])
def test_a_sine_becomes_the_sine_of_the_other_frequency(traced, factor, frequency_hz):
    found = traced(tone(frequency_hz, 8_000), factor).numpy()
    expected = tone(frequency_hz * factor, len(found))
    if frequency_hz * factor > RATE_HZ / 2:
        expected[:] = 0.0  # it would fold down
    inner = slice(200, -200)
    assert decibels(np.mean((found - expected)[inner] ** 2) / np.mean(tone(frequency_hz) ** 2)) < -60


@pytest.mark.parametrize("factor", FACTORS)
def test_length_and_pitch_change_by_the_factor(traced, factor):
    found = traced(tone(1000.0, 32_000), factor).numpy()
    assert len(found) == pytest.approx(32_000 / factor, abs=2)
    assert peak_hz(found) == pytest.approx(1000 * factor, abs=1)


def test_the_factor_one_changes_nothing(traced):
    np.testing.assert_allclose(traced(noise(), 1.0), noise(), atol=1e-6)


def test_factors_are_rounded_to_a_twelfth_of_a_semitone(traced):
    np.testing.assert_array_equal(traced(noise(), 1.0524), traced(noise(), 1.05))
    assert len(traced(noise(), 1.0526)) < len(traced(noise(), 1.05))


@pytest.mark.parametrize("factor", FACTORS)
def test_loudness_stays(traced, factor):
    slow = np.convolve(noise(20_000), np.hanning(64) / 32, mode="same").astype(np.float32)
    assert np.std(traced(slow, factor)) == pytest.approx(np.std(slow), rel=0.02)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2_000), st.floats(0.5, 2.0))
def test_the_last_sample_read_is_the_last_one_there(traced, length, factor):
    factor = round(factor * 200) / 200
    found = traced(noise(length), factor).numpy()
    assert np.isfinite(found).all()
    assert len(found) == (round((length - 1) * 200) // round(factor * 200) + 1 if length else 0)


def test_hours_do_not_overflow():
    assert num_resampled(tf.constant(16_000 * 3_600 * 6), tf.constant(100)) == 2 * 16_000 * 3_600 * 6 - 1
