"""Strokes of an ink: the points between two pen lifts, from the pen_up column."""

import typing

import tensorflow as tf


class Strokes(typing.NamedTuple):
    """The strokes of one ink of N points and S strokes."""

    ids: tf.Tensor  # int32 [N]: stroke of each point, counted from 0
    count: tf.Tensor  # int32 []: S
    first: tf.Tensor  # int32 [S]: index of each stroke's first point
    last: tf.Tensor  # int32 [S]: index of each stroke's last point
    joined: tf.Tensor  # bool [N]: False at each stroke's last point, where no line leads to the next point


def find_strokes(pen_up) -> Strokes:
    """Split an ink after every point with the pen_up flag; the last point ends its stroke in any case.

    Args:
        pen_up: Number `[N]`, above 0.5 on the last point of each stroke.

    Returns:
        `Strokes`; N = 0 has none.
    """
    ends = tf.cast(pen_up > 0.5, tf.int32)
    ids = tf.cumsum(ends, exclusive=True)
    index = tf.range(tf.size(ids))
    count = tf.reduce_max(tf.concat([[-1], ids], axis=0)) + 1
    first = tf.math.unsorted_segment_min(index, ids, count)
    last = tf.math.unsorted_segment_max(index, ids, count)
    joined = tf.logical_and(ends == 0, index < tf.size(ids) - 1)
    return Strokes(ids, count, first, last, joined)


def segment_vectors(positions, strokes: Strokes) -> tf.Tensor:
    """Return the vector from each point to the next one of its stroke; zero at the end of a stroke.

    Args:
        positions: Float `[N, D]`.
        strokes: `Strokes` of the same N points.

    Returns:
        Float `[N, D]`.
    """
    following = tf.concat([positions[1:], positions[-1:]], axis=0)
    return tf.where(strokes.joined[:, tf.newaxis], following - positions, tf.zeros_like(positions))
