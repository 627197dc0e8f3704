import numpy as np
import pytest
import tensorflow as tf
from scipy import signal

from seqapp.features.speech.noise import add_noise, colored_noise
from tests.sounds import RATE_HZ, decibels, tone


@pytest.mark.parametrize("snr_db", [-5.0, 0.0, 10.0, 30.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_ratio_of_powers_is_the_one_asked_for(snr_db, seed):
    clean = tone(300.0)
    added = add_noise(clean, [seed, 1], (snr_db, snr_db), RATE_HZ).numpy() - clean
    assert decibels(np.mean(clean**2) / np.mean(added**2)) == pytest.approx(snr_db, abs=0.05)


def test_ratios_are_drawn_evenly_within_their_bounds():
    clean = tone(300.0, 2_000)
    graph = tf.function(lambda seed: add_noise(clean, seed, (5.0, 25.0), RATE_HZ) - clean)
    added = [graph(tf.constant([seed, 0])).numpy() for seed in range(200)]
    ratios = np.array([decibels(np.mean(clean**2) / np.mean(noise**2)) for noise in added])
    assert ratios.min() >= 4.9 and ratios.max() <= 25.1
    np.testing.assert_allclose(np.quantile(ratios, [0.25, 0.5, 0.75]), [10, 15, 20], atol=2.5)


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_the_spectrum_falls_with_the_exponent(exponent):
    noise = colored_noise(2**18, [1, 2], exponent, RATE_HZ).numpy()
    frequency, density = signal.welch(noise, RATE_HZ, nperseg=2048)
    inside = (frequency > 200) & (frequency < 7_000)
    slope = np.polyfit(np.log(frequency[inside]), np.log(density[inside]), 1)[0]
    assert slope == pytest.approx(-exponent, abs=0.05)


def test_below_the_corner_it_is_flat():
    frequency, density = signal.welch(colored_noise(2**18, [1, 2], 2.0, RATE_HZ).numpy(), RATE_HZ, nperseg=4096)
    low, high = density[(frequency > 10) & (frequency < 40)], density[(frequency > 50) & (frequency < 90)]
    assert decibels(low.mean() / high.mean()) == pytest.approx(0, abs=0.7)


def test_white_noise_is_gaussian_of_power_one():
    noise = colored_noise(100_000, [3, 4], 0.0, RATE_HZ).numpy()
    assert noise.mean() == pytest.approx(0, abs=0.01) and noise.var() == pytest.approx(1, rel=0.02)
    assert np.mean(noise**4) / noise.var() ** 2 == pytest.approx(3, rel=0.03)


def test_silence_stays_silent():
    np.testing.assert_array_equal(add_noise(np.zeros(500, np.float32), [1, 1], (5.0, 5.0), RATE_HZ), 0)


@pytest.mark.parametrize("length", [0, 1, 2, 3])
def test_the_shortest_waveforms_stay_finite_and_as_long(length):
    found = add_noise(tone(300.0, length), [1, 1], (5.0, 5.0), RATE_HZ).numpy()
    assert found.shape == (length,) and np.isfinite(found).all()
