import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.speech.reverberation import DECAY_S, DIRECT_TO_REVERBERANT_DB, reverberate, room_response
from tests.sounds import RATE_HZ, clicks, decibels, noise


@pytest.fixture(scope="module")
def responses():
    graph = tf.function(lambda seed: room_response(seed, RATE_HZ))
    return np.stack([graph(tf.constant([seed, 0])).numpy() for seed in range(60)])


def test_the_direct_sound_comes_first_and_alone(responses):
    assert (responses[:, 0] == 1).all() and (responses[:, 1:40] == 0).all()
    assert responses.shape[1] == DECAY_S[1] * RATE_HZ


def test_the_direct_to_reverberant_ratio_is_drawn_within_its_bounds(responses):
    ratios = decibels(1 / (responses[:, 1:] ** 2).sum(axis=1))
    low, high = DIRECT_TO_REVERBERANT_DB
    assert ratios.min() >= low - 1e-3 and ratios.max() <= high + 1e-3
    assert ratios.mean() == pytest.approx((low + high) / 2, abs=1.5)


def test_the_tail_dies_away_exponentially_within_the_bounds_of_the_decay(responses):
    for response in responses[:20]:
        energy = np.cumsum(response[:0:-1] ** 2)[::-1]  # Schroeder's backward integration
        level = decibels(energy / energy[0])
        start, end = np.argmax(level < -5), np.argmax(level < -25)
        decay_s = 3 * (end - start) / RATE_HZ
        assert 0.8 * DECAY_S[0] < decay_s < 1.2 * DECAY_S[1]


@pytest.mark.parametrize("seed", range(3))
def test_equals_the_convolution_at_the_power_of_the_input(seed):
    waveform = noise(3_000, seed)
    expected = np.convolve(waveform, room_response([seed, 5], RATE_HZ))[:3_000]
    expected *= np.sqrt(np.mean(waveform**2) / np.mean(expected**2))
    np.testing.assert_allclose(reverberate(waveform, [seed, 5], RATE_HZ), expected, atol=1e-5)


def test_sounds_stay_where_they_were():
    waveform = clicks(16_000, every=4_000)
    found = reverberate(waveform, [2, 2], RATE_HZ).numpy()
    assert len(found) == 16_000
    assert set(np.argsort(np.abs(found))[-4:]) == set(np.flatnonzero(waveform))
    assert np.abs(found[:2_000]).max() < 1e-5  # nothing wraps round


@pytest.mark.parametrize("waveform", [np.zeros(0), np.zeros(100), np.ones(1)])
def test_the_shortest_and_silence_stay_finite_and_as_long(waveform):
    found = reverberate(waveform.astype(np.float32), [1, 1], RATE_HZ).numpy()
    assert found.shape == waveform.shape
    np.testing.assert_allclose(found**2, waveform**2, atol=1e-5)
