"""Resampling of ink to equidistant points along every stroke: features independent of a device's sampling rate."""

import typing

import tensorflow as tf

from seqapp.features.ink.strokes import Strokes, segment_vectors

ROUNDING = 1e-6  # of an interval: a length of 3.0000000001 steps takes three intervals, not four


class Resampled(typing.NamedTuple):
    """M points, equidistant within each stroke."""

    positions: tf.Tensor  # float64 [M, 2 + D], columns (x, y, ...)
    stroke_ids: tf.Tensor  # int32 [M]
    is_first: tf.Tensor  # bool [M], True on the first point of each stroke
    is_last: tf.Tensor  # bool [M], True on the last one; a dot's only point is both


def resample(positions, strokes: Strokes, step: float, max_points: int) -> Resampled:
    """Walk every stroke by equal distances along its polyline; time is interpolated too.

    A stroke of length L becomes n = max(1, ceil(L / step)) intervals of L / n, both end points kept; a dot (L = 0)
    stays one point. All strokes are walked at once: a binary search in the cumulative length of the ink finds the
    segment of every new point. Equals `np.interp` of each column over a stroke's cumulative length.

    Args:
        positions: Float64 `[N, 2 + D]`, columns (x, y, ...); the length counts x and y alone.
        strokes: `Strokes` of the same N points.
        step: Largest distance of neighbouring points, in the unit of x and y. Longer if the ink would otherwise
            need more than `max_points`, so that scribbles cannot exhaust the memory.
        max_points: About how many points may result; each stroke adds at most 2 to it.

    Returns:
        `Resampled`.
    """
    lengths = tf.norm(segment_vectors(positions[:, :2], strokes), axis=1)
    travelled = tf.cumsum(lengths, exclusive=True)  # up to each point; lifted pens travel nothing
    begin = tf.gather(travelled, strokes.first)
    length = tf.gather(travelled, strokes.last) - begin
    intervals = _num_intervals(length, step, max_points)

    ids = tf.repeat(tf.range(strokes.count), intervals + 1)
    starts = tf.cumsum(intervals + 1, exclusive=True)
    k = tf.range(tf.size(ids)) - tf.gather(starts, ids)
    n = tf.gather(intervals, ids)
    # Whole first, then the division: k = n gives the length exactly.
    way = tf.math.divide_no_nan(tf.cast(k, length.dtype) * tf.gather(length, ids), tf.cast(n, length.dtype))
    target = tf.gather(begin, ids) + way
    first = tf.gather(strokes.first, ids)
    last = tf.gather(strokes.last, ids)
    is_first = k == 0
    is_last = k == n
    left = tf.searchsorted(travelled, target, side="right") - 1
    left = tf.clip_by_value(left, first, tf.maximum(last - 1, first))  # strokes touch in `travelled`
    # End points are copied: their time and place must not suffer from rounding or repeated points.
    left = tf.where(is_first, first, tf.where(is_last, last, left))
    right = tf.where(tf.logical_or(is_first, is_last), left, left + 1)
    weight = tf.math.divide_no_nan(target - tf.gather(travelled, left), tf.gather(lengths, left))
    weight = tf.where(right == left, tf.zeros_like(weight), tf.clip_by_value(weight, 0.0, 1.0))[:, tf.newaxis]
    resampled = (1 - weight) * tf.gather(positions, left) + weight * tf.gather(positions, right)
    return Resampled(resampled, ids, is_first, is_last)


def _num_intervals(length, step, max_points):
    """Return int32 `[S]`: the number of steps that each stroke of `length` float64 `[S]` takes; 0 for a dot."""
    step = tf.maximum(tf.cast(step, length.dtype), tf.reduce_sum(length) / max_points)
    intervals = tf.maximum(tf.math.ceil(length / step - ROUNDING), 1.0)
    return tf.cast(tf.where(length > 0, intervals, tf.zeros_like(intervals)), tf.int32)
