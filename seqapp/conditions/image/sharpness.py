"""Sharpness: few pixels, and a lens out of focus."""

import tensorflow as tf

RADIUS = 8  # pixels: three deviations of the strongest blur, and more


def shrink(columns, scale) -> tf.Tensor:
    """Scale a picture down by a factor in (0, 1], float `[]`, each pixel the mean of many: float32 `[W', H']`."""
    size = tf.cast(tf.shape(columns), tf.float32) * scale
    return _resized(columns, tf.maximum(tf.cast(tf.round(size), tf.int32), 1))


def lose_resolution(columns, scale) -> tf.Tensor:
    """Scale a picture down and up again: float32 `[W, H]`."""
    return _resized(shrink(columns, scale), tf.shape(columns))


def blur(columns, deviation) -> tf.Tensor:
    """Blur by a Gaussian of a standard deviation of at most 3 pixels, float `[]`: float32 `[W, H]`."""
    reach = tf.cast(tf.range(-RADIUS, RADIUS + 1), tf.float32)
    weights = tf.exp(-0.5 * (reach / deviation) ** 2)
    weights = tf.unstack(weights / tf.reduce_sum(weights))
    return _smoothed(tf.transpose(_smoothed(tf.transpose(columns), weights)), weights)


def _smoothed(rows, weights):
    """Mix each row with those around it; the first and the last stand for what lies beyond them."""
    count = tf.shape(rows)[0]
    padded = tf.gather(rows, tf.clip_by_value(tf.range(-RADIUS, count + RADIUS), 0, count - 1))
    return tf.add_n([weight * padded[k : k + count] for k, weight in enumerate(weights)])


def _resized(columns, size):
    """Scale to int32 `[2]`, bilinearly, smoothed where it shrinks."""
    return tf.image.resize(columns[:, :, tf.newaxis], size, antialias=True)[:, :, 0]
