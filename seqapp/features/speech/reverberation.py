"""Reverberation by a synthetic room impulse response, decaying noise, without a corpus of rooms."""

import tensorflow as tf

from seqapp.features.speech.fourier import fast_length, power

DECAY_S = (0.1, 0.6)  # until reflections have fallen by 60 dB: from a car to a bare office
DIRECT_TO_REVERBERANT_DB = (0.0, 15.0)  # from across the table to close to the mouth
DELAY_S = 0.0025  # of the first reflection: a way of 86 cm more, by a table


def reverberate(
    waveform,
    seed,
    sample_rate_hz: int,
    decay_s: tuple[float, float] = DECAY_S,
    direct_db: tuple[float, float] = DIRECT_TO_REVERBERANT_DB,
) -> tf.Tensor:
    """Convolve with the response of a random room; what sounds on behind the last sample is cut off.

    The direct sound stays where it was, so that transcripts with times stay true, and so does the mean power:
    loudness is the gain's affair.

    Args:
        waveform: Float32 `[N]`.
        seed: Int `[2]`.
        sample_rate_hz: Of the waveform.
        decay_s, direct_db: As for `room_response`.

    Returns:
        Float32 `[N]`.
    """
    response = room_response(seed, sample_rate_hz, decay_s, direct_db)
    num_samples = tf.size(waveform)
    length = [fast_length(num_samples + tf.size(response))]  # long enough for nothing to wrap round
    spectrum = tf.signal.rfft(waveform, length) * tf.signal.rfft(response, length)
    wet = tf.signal.irfft(spectrum, length)[:num_samples]
    return wet * tf.sqrt(tf.math.divide_no_nan(power(waveform), power(wet)))


def room_response(
    seed,
    sample_rate_hz: int,
    decay_s: tuple[float, float] = DECAY_S,
    direct_db: tuple[float, float] = DIRECT_TO_REVERBERANT_DB,
) -> tf.Tensor:
    """Draw a room response: direct sound, 1, and decaying Gaussian noise from 2.5 ms on, of random length and level.

    Args:
        seed: Int `[2]`.
        sample_rate_hz: Of the response.
        decay_s: Shortest and longest time until reflections have fallen by 60 dB.
        direct_db: Lowest and highest ratio of the powers of direct sound and reflections.

    Returns:
        Float32 `[M]`, as long as the longest decay.

    Reference: Moorer 1979, "About this reverberation business": concert halls sound like decaying noise.
    """
    decay_seed, level_seed, noise_seed = tf.unstack(tf.random.split(seed, 3))
    num_samples = round(decay_s[1] * sample_rate_hz)
    decay_s = tf.random.stateless_uniform([], decay_seed, *decay_s)
    ratio = 10.0 ** (tf.random.stateless_uniform([], level_seed, *direct_db) / 10.0)
    first = max(round(DELAY_S * sample_rate_hz), 1)
    time_s = tf.range(num_samples - first, dtype=tf.float32) / sample_rate_hz
    tail = tf.random.stateless_normal([num_samples - first], noise_seed) * 10.0 ** (-3.0 * time_s / decay_s)
    tail /= tf.sqrt(tf.reduce_sum(tf.square(tail)) * ratio)
    return tf.concat([[1.0], tf.zeros([first - 1]), tail], axis=0)
