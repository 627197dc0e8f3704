"""Position, size and path of every stroke of an ink, in units of its writing: what line finding looks at."""

import typing

import tensorflow as tf

from seqapp.features.ink.strokes import Strokes, segment_vectors

LETTER_PATH = 8.0  # deviations of y: path of a usual letter
LONGEST_PATH = 5.0  # letters: a longer stroke counts as so many
LOW = 1.3  # deviations of y: a lower stroke is a mark (a dot, a bar, a comma), no letter
FLAT = 0.15  # of its width: neither is a flatter one (an underline),
STRAIGHT = 2.0  # unless its path is longer than so many widths: a long word of small letters in one stroke
MARK_SHARE = 0.1  # of a letter's weight: marks lie above and below their line
ROUNDING = 1e-6  # of the box


class StrokeBoxes(typing.NamedTuple):
    """The S strokes of an ink; float64 `[S]`, lengths in deviations of y (about a third of a small letter's height)."""

    x: tf.Tensor  # centre of the path
    y: tf.Tensor  # likewise, growing down
    left: tf.Tensor
    right: tf.Tensor
    weight: tf.Tensor  # letters that its path is long enough for
    is_mark: tf.Tensor  # bool: dot, bar, comma, dash, underline


def stroke_boxes(positions, strokes: Strokes) -> StrokeBoxes:
    """Measure every stroke.

    The unit is the standard deviation of y within strokes, all of them pooled by the length of their paths: neither
    lines one below the other, nor whether a stroke is a word or a part of a letter, change it much.

    Args:
        positions: Float `[N, 2]`, y growing down.
        strokes: `Strokes` of the same N points.

    Returns:
        `StrokeBoxes`. The origin is the first point.
    """
    positions = tf.cast(positions, tf.float64)
    positions -= tf.reduce_sum(positions[:1], axis=0)
    vectors = segment_vectors(positions, strokes)
    lengths = tf.norm(vectors, axis=1)

    def total(values):
        return tf.math.unsorted_segment_sum(values, strokes.ids, strokes.count)

    path = total(lengths)
    is_dot = tf.gather(path, strokes.ids) == 0
    shares = tf.where(is_dot, tf.ones_like(lengths), lengths)
    shares = tf.math.divide_no_nan(shares, tf.gather(total(shares), strokes.ids))[:, tf.newaxis]
    centres = total(shares * (positions + vectors / 2))
    rest = positions + vectors / 2 - tf.gather(centres, strokes.ids)
    variance = total(shares * (rest**2 + vectors**2 / 12))[:, 1]
    high = tf.math.unsorted_segment_max(positions, strokes.ids, strokes.count)
    low = tf.math.unsorted_segment_min(positions, strokes.ids, strokes.count)
    unit = _unit(path, variance, high, low)
    width, height = tf.unstack((high - low) / unit, axis=1)
    is_mark = (height < LOW) | ((height < FLAT * width) & (path < STRAIGHT * unit * width))
    weight = tf.clip_by_value(path / (unit * LETTER_PATH), 0.02, LONGEST_PATH)
    x, y = tf.unstack(centres / unit, axis=1)
    weight = tf.where(is_mark, MARK_SHARE * weight, weight)
    return StrokeBoxes(x, y, low[:, 0] / unit, high[:, 0] / unit, weight, is_mark)


def _unit(path, variance, high, low):
    """The deviation of y within strokes; of dots and dashes alone, however far apart, the size of their box, or 1."""
    unit = tf.sqrt(tf.math.divide_no_nan(tf.reduce_sum(path * variance), tf.reduce_sum(path)))
    box = tf.reduce_max(high, axis=0) - tf.reduce_min(low, axis=0)
    size = tf.where(tf.size(path) > 0, tf.reduce_max(box), tf.ones_like(unit))
    is_writing = (unit > ROUNDING * size) & (tf.reduce_sum(path) > size)
    return tf.where(is_writing, unit, tf.where(size > 0, size, tf.ones_like(size)))
