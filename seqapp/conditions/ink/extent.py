"""Extent of an ink: the height of its bounding box, and where it lies."""

import tensorflow as tf

from seqapp.features.ink.normalization import BOX_MARGIN, ink_height
from seqapp.features.ink.strokes import find_strokes


def box_height(points) -> tf.Tensor:
    """Return the height of the bounding box, float32 `[]`, never zero: dots and dashes have one by their width, or 1.

    Args:
        points: Float32 `[N, 4]`.
    """
    positions = tf.cast(points[:, :2] - points[:1, :2], tf.float64)
    return tf.cast(ink_height(positions, find_strokes(points[:, 3]), "bounding_box") / BOX_MARGIN, tf.float32)


def corners(points) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the (left, top) and the (right, bottom) corner, each float32 `[2]`; zeros for N = 0."""
    is_empty = tf.shape(points)[0] == 0
    low = tf.reduce_min(points[:, :2], axis=0)
    high = tf.reduce_max(points[:, :2], axis=0)
    return tf.where(is_empty, tf.zeros_like(low), low), tf.where(is_empty, tf.zeros_like(high), high)


def moved(points, positions) -> tf.Tensor:
    """Return points float32 `[N, 4]` with other positions, float `[N, 2]`."""
    return tf.concat([tf.cast(positions, tf.float32), points[:, 2:]], axis=1)
