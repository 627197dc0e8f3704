"""Hands: writing that is narrow or wide, slanted, or turned on its tablet."""

import math

import tensorflow as tf

from seqapp.conditions.ink.extent import moved


def stretch(points, factor) -> tf.Tensor:
    """Multiply x by a factor, float `[]`, from the first point on: float32 `[N, 4]`."""
    return _mapped(points, [[factor, 0.0], [0.0, 1.0]])


def slant(points, shear) -> tf.Tensor:
    """Add `shear` times y to x, float `[]`: y grows down, so that a negative one leans to the right."""
    return _mapped(points, [[1.0, 0.0], [shear, 1.0]])


def rotate(points, degrees) -> tf.Tensor:
    """Turn the ink about its first point, from x towards y: clockwise as one looks at it, downhill."""
    angle = tf.cast(degrees, tf.float32) * (math.pi / 180.0)
    return _mapped(points, [[tf.cos(angle), tf.sin(angle)], [-tf.sin(angle), tf.cos(angle)]])


def _mapped(points, matrix):
    """Map positions linearly about the first point; rows: where (1, 0) and (0, 1) go."""
    matrix = tf.stack([tf.stack([tf.cast(value, tf.float32) for value in row]) for row in matrix])
    start = points[:1, :2]
    return moved(points, (points[:, :2] - start) @ matrix + start)
