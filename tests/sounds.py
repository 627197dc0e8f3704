"""Made-up sounds: what the tests of the speech front end listen to."""

import numpy as np

RATE_HZ = 16_000


def tone(frequency_hz, num_samples=RATE_HZ, amplitude=0.5):
    """A sine, float32 `[N]`."""
    return (amplitude * np.sin(2 * np.pi * frequency_hz / RATE_HZ * np.arange(num_samples))).astype(np.float32)


def chirp(num_samples=RATE_HZ, first_hz=100.0, last_hz=7000.0):
    """A sine that rises evenly, float32 `[N]`."""
    time_s = np.arange(num_samples) / RATE_HZ
    slope = (last_hz - first_hz) * RATE_HZ / num_samples / 2
    return (0.5 * np.sin(2 * np.pi * (first_hz + slope * time_s) * time_s)).astype(np.float32)


def noise(num_samples=RATE_HZ, seed=0):
    """White Gaussian noise, float32 `[N]`."""
    return np.random.default_rng(seed).normal(scale=0.1, size=num_samples).astype(np.float32)


def clicks(num_samples=RATE_HZ, every=1000):
    """Single samples at full scale, silence between them, float32 `[N]`."""
    samples = np.zeros(num_samples, np.float32)
    samples[every // 2 :: every] = 1.0
    return samples


def peak_hz(waveform):
    """The frequency of the strongest partial, to half the distance of two bins of its whole spectrum."""
    windowed = waveform * np.hanning(len(waveform))
    return np.argmax(np.abs(np.fft.rfft(windowed))) * RATE_HZ / len(waveform)


def decibels(ratio):
    """A ratio of powers in dB."""
    return 10 * np.log10(ratio)
