"""Ruling of paper: horizontal lines, and vertical ones that make squares."""

import math

import tensorflow as tf


def rule(columns, first, spacing, thickness, darkness, tilt=0.0, wobble=0.0) -> tf.Tensor:
    """Draw horizontal lines.

    Args:
        columns: Float32 `[W, H]`.
        first: Float `[]`, row of the middle of one line; the others lie `spacing` above and below.
        spacing: Float `[]`, rows from line to line.
        thickness: Float `[]`, rows; below one it is a paler line of one.
        darkness: Float `[]`, share of the light that a line takes away.
        tilt: Float `[]`, rows by which lines sink from one column to the next.
        wobble: Float `[]`, rows by which they swing, as those of paper that is not flat do.

    Returns:
        Float32 `[W, H]`.
    """
    x, y = _places(columns)
    sway = wobble * tf.sin(x * (2 * math.pi / 400.0) + first)
    return columns * (1.0 - darkness * _lines(y - first - tilt * x - sway, spacing, thickness))


def rule_across(columns, first, spacing, thickness, darkness, tilt=0.0) -> tf.Tensor:
    """Draw vertical lines: as above, with x and y exchanged."""
    x, y = _places(columns)
    return columns * (1.0 - darkness * _lines(x - first + tilt * y, spacing, thickness))


def _places(columns):
    """Return the middles of columns, float32 `[W, 1]`, and of rows, float32 `[1, H]`."""
    length, height = (tf.cast(n, tf.float32) for n in tf.unstack(tf.shape(columns)))
    return (tf.range(length) + 0.5)[:, tf.newaxis], (tf.range(height) + 0.5)[tf.newaxis]


def _lines(place, spacing, thickness):
    """Return the share of each pixel that a line covers: lines are at the multiples of `spacing`."""
    distance = tf.abs(tf.math.floormod(place + spacing / 2, spacing) - spacing / 2)
    return tf.clip_by_value((thickness + 1.0) / 2 - distance, 0.0, tf.minimum(thickness, 1.0))
