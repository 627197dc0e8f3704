"""Grain: noise of a sensor, and dead pixels."""

import tensorflow as tf


def grain(columns, seed, deviation) -> tf.Tensor:
    """Add Gaussian noise of a standard deviation in full scales, float `[]`: float32 `[W, H]` within [0, 1]."""
    noise = tf.random.stateless_normal(tf.shape(columns), seed)
    return tf.clip_by_value(columns + deviation * noise, 0.0, 1.0)


def salt_and_pepper(columns, seed, share) -> tf.Tensor:
    """Make a share of the pixels, float `[]`, white or black: float32 `[W, H]`."""
    draw = tf.random.stateless_uniform(tf.shape(columns), seed)
    return tf.where(draw < share / 2, 0.0, tf.where(draw < share, 1.0, columns))
