"""Additive coloured noise at a random signal-to-noise ratio, synthesised without a corpus of noises."""

import tensorflow as tf

from seqapp.features.random_draws import between
from seqapp.features.speech.fourier import fast_length, power

EXPONENTS = (0.0, 2.0)  # of 1 / f: white (hiss), 1 is pink (rain, crowds), 2 brown (wind, motors)
CORNER_HZ = 100.0  # flat below: otherwise brown noise would spend all its power where no voice is


def add_noise(waveform, seed, snr_db: tuple[float, float], sample_rate_hz: int) -> tf.Tensor:
    """Add Gaussian noise of random colour at a random level below the waveform.

    Args:
        waveform: Float32 `[N]`.
        seed: Int `[2]`.
        snr_db: (lowest, highest) ratio of the mean powers of waveform and noise over all samples; drawn uniformly.
        sample_rate_hz: Of the waveform.

    Returns:
        Float32 `[N]`. Silence stays silent: no ratio could be kept.
    """
    level_seed, color_seed, noise_seed = tf.unstack(tf.random.split(seed, 3))
    ratio_db = between(level_seed, snr_db)
    exponent = tf.random.stateless_uniform([], color_seed, *EXPONENTS)
    noise = colored_noise(tf.size(waveform), noise_seed, exponent, sample_rate_hz)
    return add_at_ratio(waveform, noise, ratio_db)


def add_at_ratio(waveform, sound, snr_db) -> tf.Tensor:
    """Add another sound at a ratio of the mean powers.

    Args:
        waveform: Float32 `[N]`.
        sound: Float32 `[N]`.
        snr_db: Float `[]`, power of the waveform over that of the sound.

    Returns:
        Float32 `[N]`. Silence stays silent: no ratio could be kept.
    """
    ratio = 10.0 ** (tf.cast(snr_db, tf.float32) / 10.0)
    return waveform + sound * tf.sqrt(tf.math.divide_no_nan(power(waveform), power(sound) * ratio))


def colored_noise(num_samples, seed, exponent, sample_rate_hz: int) -> tf.Tensor:
    """Draw Gaussian noise with a power spectrum of 1 / f ** exponent above 100 Hz, flat below.

    Drawn as a spectrum, whose values are independent whatever the colour: one Fourier transform instead of two.

    Args:
        num_samples: Int32 `[]`.
        seed: Int `[2]`.
        exponent: Float `[]`.
        sample_rate_hz: Of the noise.

    Returns:
        Float32 `[num_samples]`, of some finite power.
    """
    length = fast_length(num_samples)
    bins = length // 2 + 1
    frequency = tf.range(bins, dtype=tf.float32) * (sample_rate_hz / tf.cast(length, tf.float32))
    amplitude = (tf.maximum(frequency, CORNER_HZ) / CORNER_HZ) ** (-exponent / 2)
    spectrum = tf.complex(*tf.unstack(amplitude * tf.random.stateless_normal([2, bins], seed)))
    # The inverse transform divides by the length: undone by half, so that white noise has a power near 1.
    scale = tf.sqrt(tf.cast(length, tf.float32) / 2)
    return scale * tf.signal.irfft(spectrum, [length])[:num_samples]
