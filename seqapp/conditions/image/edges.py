"""Edges of a picture: margins, a tight crop, and a dark frame."""

import tensorflow as tf

from seqapp.conditions.image.tone import paper_level


def add_margins(columns, heights) -> tf.Tensor:
    """Put paper on all sides, so many heights of the picture, float `[]`: float32 `[W', H']`."""
    size = tf.cast(tf.round(heights * tf.cast(tf.shape(columns)[1], tf.float32)), tf.int32)
    paper = paper_level(columns)
    return tf.pad(columns - paper, [[size, size], [size, size]]) + paper


def crop(columns, share) -> tf.Tensor:
    """Cut off a share of the rows, float `[]` below 0.5, at the top and again at the bottom: float32 `[W, H']`."""
    height = tf.shape(columns)[1]
    size = tf.cast(share * tf.cast(height, tf.float32), tf.int32)
    return columns[:, size : height - size]


def frame(columns, left, right, top, bottom, grey=0.0) -> tf.Tensor:
    """Cover edges with a dark frame, as of a scanner's lid or the edge of a table.

    Args:
        columns: Float32 `[W, H]`.
        left: Float `[]`, columns that are covered.
        right: Likewise.
        top: Float `[]`, rows that are covered.
        bottom: Likewise.
        grey: Float `[]`, of the frame.

    Returns:
        Float32 `[W, H]`.
    """
    length, height = (tf.cast(n, tf.float32) for n in tf.unstack(tf.shape(columns)))
    x = (tf.range(length) + 0.5)[:, tf.newaxis]
    y = (tf.range(height) + 0.5)[tf.newaxis]
    inside = (x > left) & (x < length - right) & (y > top) & (y < height - bottom)
    return tf.where(inside, columns, grey)
