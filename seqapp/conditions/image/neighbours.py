"""Neighbours of a line: parts of the lines above and below it, and what shines through from the back."""

import tensorflow as tf

from seqapp.conditions.image.sharpness import blur
from seqapp.conditions.image.tone import paper_level


def intrude(columns, above, below, distance) -> tf.Tensor:
    """Show what a rectangle around the line holds of the lines next to it.

    Args:
        columns: Float32 `[W, H]`.
        above: Float32 `[W, H]`, the line above, as it would look in its own rectangle.
        below: Float32 `[W, H]`, the line below.
        distance: Float `[]`, rows from one line to the next.

    Returns:
        Float32 `[W, H]`.
    """
    height = tf.shape(columns)[1]
    rows = tf.clip_by_value(tf.cast(tf.round(tf.cast(distance, tf.float32)), tf.int32), 0, height)
    upper = tf.pad(transparency(above)[:, rows:], [[0, 0], [0, rows]], constant_values=1.0)
    lower = tf.pad(transparency(below)[:, : height - rows], [[0, 0], [rows, 0]], constant_values=1.0)
    return columns * upper * lower


def show_through(columns, back, strength) -> tf.Tensor:
    """Let the back of the paper shine through.

    Args:
        columns: Float32 `[W, H]`.
        back: Float32 `[W, H]`, a line as one reads it; it is seen mirrored, and not quite sharp.
        strength: Float `[]`, share of its darkness that is seen.

    Returns:
        Float32 `[W, H]`.
    """
    return columns * (1.0 - strength * (1.0 - blur(transparency(back)[::-1], 1.0)))


def transparency(columns) -> tf.Tensor:
    """Return the share of light that the writing leaves to its paper: float32 `[W, H]` in [0, 1]."""
    return tf.clip_by_value(columns / tf.maximum(paper_level(columns), 1 / 255), 0.0, 1.0)
