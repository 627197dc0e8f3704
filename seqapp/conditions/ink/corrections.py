"""Corrections: a line under the writing, and one through it."""

import math

import tensorflow as tf

from seqapp.conditions.ink.extent import box_height, corners

SPACING = 0.05  # ink heights from one point to the next
MOST_POINTS = 4_000
SPEED = 8.0  # ink heights a second
PAUSE_S = 0.4
WAVE = 0.05  # ink heights: amplitude of the hand's unsteadiness
TILT = 0.1  # ink heights: how much lower, or higher, one end is at most
OVERSHOOT = 0.3  # ink heights: how much too long or too short either end is at most


def underline(points, seed, gap) -> tf.Tensor:
    """Add one stroke below the whole line, from left to right.

    Args:
        points: Float32 `[N, 4]`; N = 0 stays.
        seed: Int `[2]`: how the hand shakes.
        gap: Float `[]`, ink heights between the lowest point and the highest one of the stroke.

    Returns:
        Float32 `[M, 4]`.
    """

    def lined():
        bottom = corners(points)[1][1]
        shape = _stroke(points, seed)
        return _added(points, shape + [0.0, bottom + gap * box_height(points) - tf.reduce_min(shape[:, 1])])

    return tf.cond(tf.shape(points)[0] > 0, lined, lambda: points)


def strike_through(points, seed, height) -> tf.Tensor:
    """Add one stroke through the whole line.

    Args:
        points: Float32 `[N, 4]`; N = 0 stays.
        seed: Int `[2]`.
        height: Float `[]`, ink heights by which its middle lies above the mean of all points.

    Returns:
        Float32 `[M, 4]`.
    """

    def struck():
        place = tf.reduce_mean(points[:, 1]) - height * box_height(points)
        shape = _stroke(points, seed)
        return _added(points, shape + [0.0, place - tf.reduce_mean(shape[:, 1])])

    return tf.cond(tf.shape(points)[0] > 0, struck, lambda: points)


def _stroke(points, seed):
    """Draw a stroke as long as the ink around y = 0, somewhat tilted and wavy: float32 `[P, 2]`, P > 1."""
    height = box_height(points)
    left, right = corners(points)[0][0], corners(points)[1][0]
    draws = tf.random.stateless_uniform([7], seed)
    ends = (2.0 * draws[:2] - 1.0) * OVERSHOOT * height
    start = left + ends[0]
    length = tf.maximum(right + ends[1] - start, OVERSHOOT * height)
    count = tf.cast(tf.clip_by_value(length / (SPACING * height), 2.0, MOST_POINTS), tf.int32)
    share = tf.linspace(0.0, 1.0, count)
    way = share * length / height
    # Two waves, some 4 and 1.5 heights long: neither straight nor regular.
    waves = tf.sin(2 * math.pi * (way / (3.0 + 2.0 * draws[2]) + draws[3]))
    waves += 0.4 * tf.sin(2 * math.pi * (way / (1.2 + 0.6 * draws[4]) + draws[5]))
    return tf.stack([start + share * length, height * (TILT * (2 * draws[6] - 1) * share + WAVE * waves)], axis=1)


def _added(points, positions):
    """Append a stroke, float32 `[P, 2]`; it takes time where the ink does."""
    count = tf.shape(positions)[0]
    end = points[-1, 2]
    way = tf.norm(positions - positions[:1], axis=1) / box_height(points)
    has_times = tf.cast(end > points[0, 2], tf.float32)
    time = end + has_times * (PAUSE_S + way / SPEED)
    flags = tf.cast(tf.range(count) == count - 1, tf.float32)
    stroke = tf.concat([positions, time[:, tf.newaxis], flags[:, tf.newaxis]], axis=1)
    # The last point ends its stroke, flag or not: from now on it needs one.
    last = tf.concat([points[-1:, :3], tf.ones([1, 1])], axis=1)
    return tf.concat([points[:-1], last, stroke], axis=0)
