"""Tones: inverted pictures, faint ink, dark paper."""

import tensorflow as tf


def paper_level(columns) -> tf.Tensor:
    """Return the grey of the paper, float32 `[]`: the median, in steps of 1/255; most of a line is paper."""
    levels = tf.cast(tf.round(255.0 * tf.clip_by_value(tf.reshape(columns, [-1]), 0.0, 1.0)), tf.int32)
    counts = tf.cumsum(tf.cast(tf.math.bincount(levels, minlength=256, maxlength=256), tf.float32))
    return tf.cast(tf.searchsorted(counts, 0.5 * counts[-1:])[0], tf.float32) / 255.0


def invert(columns) -> tf.Tensor:
    """Exchange white and black: float32 `[W, H]`."""
    return 1.0 - columns


def fade(columns, contrast) -> tf.Tensor:
    """Lighten the ink towards the paper, as of a pencil; a contrast of 1, float `[]`, leaves it: float32 `[W, H]`."""
    paper = paper_level(columns)
    return paper + contrast * (columns - paper)


def darken(columns, brightness) -> tf.Tensor:
    """Put the writing on paper that reflects a share of what it did, float `[]`: float32 `[W, H]`."""
    return columns * brightness
