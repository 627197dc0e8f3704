"""Speed perturbation: the same recording played faster or slower, tempo and pitch together."""

import math

import tensorflow as tf

PHASES = 200  # factors are rounded to 1/200, a twelfth of a semitone: finer than any voice holds its pitch
ZERO_CROSSINGS = 32  # of the sinc on either side: the edge of the band is 6 % of it wide


def change_speed(waveform, factor) -> tf.Tensor:
    """Read the waveform at positions 0, factor, 2 factor ...: interpolated by a windowed sinc, band-limited.

    Linear interpolation would take up to 4 dB from the highest mel bands, by an amount that depends on the factor: a
    mark that a network can learn. With a factor of p / 200 the 200 outputs of p inputs have the same 200 phases in
    every period, so that one matrix product makes them all: about one millisecond for ten seconds of audio. Played
    faster, what would fold down from above half the sample rate is filtered out; played at factor 1, nothing changes.

    Args:
        waveform: Float32 `[N]`.
        factor: Float `[]`, > 0, rounded to 1/200: above 1 is faster, shorter and higher.

    Returns:
        Float32 `[M]`, M = floor((N - 1) / factor) + 1, 0 for N = 0.
    """
    num_samples = tf.shape(waveform)[0]
    period = tf.maximum(tf.cast(tf.round(factor * PHASES), tf.int32), 1)
    count = num_resampled(num_samples, period)
    matrix, reach = _sinc_matrix(period)
    # Every period reads `reach` samples more on either side.
    num_periods = -(-count // PHASES)
    behind = tf.maximum(num_periods * period - num_samples, 0) + reach
    padded = tf.pad(waveform, [[reach, behind]])
    periods = tf.signal.frame(padded, period + 2 * reach, period)[:num_periods]
    return tf.reshape(tf.matmul(periods, matrix), [-1])[:count]


def num_resampled(num_samples, period) -> tf.Tensor:
    """Count the samples that are left of `num_samples` (int32 `[]`) read in steps of `period` / 200: int32 `[]`."""
    last = tf.cast(num_samples - 1, tf.int64) * PHASES // tf.cast(period, tf.int64)  # int32 ends at 11 minutes
    return tf.where(num_samples > 0, tf.cast(last, tf.int32) + 1, 0)


def _sinc_matrix(period):
    """Return the weights of the inputs of a period, and of those around it, in each of its 200 outputs.

    Args:
        period: Int32 `[]`, inputs that 200 outputs advance by.

    Returns:
        matrix: Float32 `[period + 2 reach, 200]`.
        reach: Int32 `[]`, inputs read before and behind a period.
    """
    ratio = tf.cast(period, tf.float32) / PHASES
    cutoff = 1.0 / tf.maximum(ratio, 1.0)  # in half sample rates
    reach = tf.cast(tf.math.ceil(ZERO_CROSSINGS / cutoff), tf.int32)
    # In integers up to the last division: what stands on a sample must be that sample.
    distance = tf.range(PHASES) * period - PHASES * tf.range(-reach, period + reach)[:, tf.newaxis]
    distance = tf.cast(distance, tf.float32) / PHASES
    angle = math.pi * cutoff * distance
    sinc = tf.where(angle == 0.0, 1.0, tf.sin(angle) / tf.where(angle == 0.0, 1.0, angle))
    share = tf.clip_by_value(distance * cutoff / ZERO_CROSSINGS, -1.0, 1.0)
    return cutoff * sinc * tf.square(tf.cos(math.pi / 2 * share)), reach
