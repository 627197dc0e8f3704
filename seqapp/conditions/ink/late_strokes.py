"""Late strokes: dots and bars that are written behind everything else."""

import tensorflow as tf

from seqapp.conditions.ink.extent import box_height
from seqapp.features.ink.strokes import Strokes, find_strokes

WIDEST = 0.6  # ink heights: the bar of a t


def late_dots(points, flattest) -> tf.Tensor:
    """Move dots and bars to the end, in their order; each brings along the pause before it.

    Args:
        points: Float32 `[N, 4]`.
        flattest: Float `[]`, ink heights: strokes no higher than that, and no wider than 0.6, are dots or bars.

    Returns:
        Float32 `[N, 4]`, times rise.
    """
    strokes = find_strokes(points[:, 3])
    width, height = tf.unstack(_sizes(points[:, :2], strokes) / box_height(points), axis=1)
    is_late = tf.gather((height <= flattest) & (width <= WIDEST), strokes.ids)
    order = tf.concat([tf.where(~is_late)[:, 0], tf.where(is_late)[:, 0]], axis=0)
    steps = points[1:, 2] - points[:-1, 2]
    clock = tf.cumsum(tf.gather(tf.concat([tf.zeros([1]), tf.maximum(steps, 0.0)], axis=0)[: tf.size(order)], order))
    ends = tf.cast(tf.gather(~strokes.joined, order), tf.float32)
    columns = tf.concat([clock[:, tf.newaxis] + points[:1, 2:3], ends[:, tf.newaxis]], axis=1)
    return tf.concat([tf.gather(points[:, :2], order), columns], axis=1)


def _sizes(positions, strokes: Strokes):
    """Return width and height of each stroke: float32 `[S, 2]`."""
    high = tf.math.unsorted_segment_max(positions, strokes.ids, strokes.count)
    return high - tf.math.unsorted_segment_min(positions, strokes.ids, strokes.count)
