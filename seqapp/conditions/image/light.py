"""Light that is not even: a shadow across the line, a lamp at one side, dark corners."""

import tensorflow as tf


def shadow(columns, brightness, middle, width, tilt=0.0, softness=0.2) -> tf.Tensor:
    """Darken a band across the line, with soft edges.

    Args:
        columns: Float32 `[W, H]`.
        brightness: Float `[]`, share of the light that is left in the middle of the band.
        middle: Float `[]`, where the band is, as a share of W.
        width: Float `[]`, how wide, as a share of W; 2 or more around an end is light that falls off along the line.
        tilt: Float `[]`, columns by which the band moves from one row to the next.
        softness: Float `[]`, how wide its edges are, as a share of its width.

    Returns:
        Float32 `[W, H]`.
    """
    length = tf.cast(tf.shape(columns)[0], tf.float32)
    x, y = _grid(columns)
    inside = 0.5 - tf.abs((x - middle * length + tilt * y) / (width * length))
    depth = tf.sigmoid(4.0 * inside / softness) / tf.sigmoid(2.0 / softness)
    return columns * (1.0 - (1.0 - brightness) * depth)


def gradient(columns, first, last) -> tf.Tensor:
    """Let the light change from the top to the bottom of a line, from one share to another, each float `[]`."""
    height = tf.cast(tf.shape(columns)[1], tf.float32)
    share = (_grid(columns)[1] + height / 2) / height
    return columns * (first + (last - first) * share)


def vignette(columns, brightness) -> tf.Tensor:
    """Darken the edges and, down to a share of their light, float `[]`, the corners: float32 `[W, H]`."""
    length, height = (tf.cast(n, tf.float32) for n in tf.unstack(tf.shape(columns)))
    x, y = _grid(columns)
    distance = ((2 * x / length - 1) ** 2 + (2 * y / height) ** 2) / 2
    return columns * (1.0 - (1.0 - brightness) * distance)


def _grid(columns):
    """Return the places of pixels: x float32 `[W, 1]` from the left end, y float32 `[1, H]` from the middle row."""
    length, height = (tf.cast(n, tf.float32) for n in tf.unstack(tf.shape(columns)))
    return (tf.range(length) + 0.5)[:, tf.newaxis], (tf.range(height) + 0.5 - height / 2)[tf.newaxis]
