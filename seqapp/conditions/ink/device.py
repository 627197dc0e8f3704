"""Devices of ink: jitter of the digitiser, few points a second, a coarse grid of coordinates, no times."""

import tensorflow as tf

from seqapp.conditions.ink.extent import box_height, corners, moved
from seqapp.features.ink.resampling import resample
from seqapp.features.ink.strokes import find_strokes

MOST_POINTS = 100_000  # of a resampled ink, so that times from a broken clock cannot exhaust the memory


def jitter(points, seed, deviation) -> tf.Tensor:
    """Move every point by itself, as the noise of a digitiser does.

    Args:
        points: Float32 `[N, 4]`.
        seed: Int `[2]`.
        deviation: Float `[]`, standard deviation in x and in y, in ink heights.

    Returns:
        Float32 `[N, 4]`.
    """
    noise = tf.random.stateless_normal([tf.shape(points)[0], 2], seed)
    return moved(points, points[:, :2] + noise * deviation * box_height(points))


def decimate(points, step) -> tf.Tensor:
    """Keep every `step`-th point of each stroke, int `[]`, and its last one: float32 `[M, 4]`."""
    strokes = find_strokes(points[:, 3])
    place = tf.range(tf.size(strokes.ids)) - tf.gather(strokes.first, strokes.ids)
    return tf.boolean_mask(points, (place % step == 0) | ~strokes.joined)


def sample(points, points_s) -> tf.Tensor:
    """Sample each stroke anew at equal steps of time, on the straight lines between its points.

    Args:
        points: Float32 `[N, 4]`. Where a stroke of several points takes no time, times are unknown: nothing changes.
        points_s: Float `[]`, points a second; a stroke's first and last point stay, so short ones have more.

    Returns:
        Float32 `[M, 4]`.
    """
    strokes = find_strokes(points[:, 3])
    time = tf.cast(points[:, 2], tf.float64)
    lasts = tf.gather(time, strokes.last) > tf.gather(time, strokes.first)

    def sampled():
        # The walk by distance, with time in the place of x and nothing in that of y.
        xy = tf.cast(points[:, :2], tf.float64)
        track = tf.concat([tf.stack([time, tf.zeros_like(time)], axis=1), xy], axis=1)
        new = resample(track, strokes, 1.0 / tf.cast(points_s, tf.float64), MOST_POINTS)
        columns = (new.positions[:, 2], new.positions[:, 3], new.positions[:, 0], tf.cast(new.is_last, tf.float64))
        return tf.cast(tf.stack(columns, axis=1), tf.float32)

    return tf.cond(tf.reduce_all(lasts | (strokes.first == strokes.last)), sampled, lambda: points)


def round_to_grid(points, units) -> tf.Tensor:
    """Round coordinates to a grid that begins in the upper left corner: float32 `[N, 4]`.

    Args:
        points: Float32 `[N, 4]`.
        units: Float `[]`, cells of the grid in the height of the ink: 20 is a line of 20 pixels.
    """
    cell = box_height(points) / units
    start, _ = corners(points)
    return moved(points, start + tf.round((points[:, :2] - start) / cell) * cell)


def without_times(points) -> tf.Tensor:
    """Set all times to 0, as of files that hold none: float32 `[N, 4]`."""
    return points * tf.constant([1.0, 1.0, 0.0, 1.0])
