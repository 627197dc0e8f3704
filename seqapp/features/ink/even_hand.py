"""Even hands: lines drawn under the writing are left out, strong slants brought back to the usual.

Ordinary writing passes as it is, so that models need not be trained with it; nothing here is trained.
"""

import typing

import tensorflow as tf

from seqapp.features.ink.line_moments import SPREAD_FACTOR, line_moments
from seqapp.features.ink.strokes import Strokes, find_strokes, segment_vectors

STRAIGHT = 1.15  # path of a drawn line over the distance of its ends, at most
STEEPEST = 0.5  # its slope
SHORTEST = 1.0  # heights of the line; bars of letters and dashes are shorter
SHORTEST_ABOVE = 2.0  # of a line over the writing: bars of capitals are longer than those below
COVERED = 5  # of eight parts of it, at least, have writing above: an underscore has none
PARTS = 8
BEYOND = 0.9  # share of the writing that lies above a line under it, by length of path
SLANTS = (-0.4, 0.0)  # x per y of down strokes, y growing down: those of most lines of UNIPEN lean by so much
WIDE = (1.5, 2.5)  # deviation of x over that of y: up to the first, an ink is no line, and its slant may mean something
DOWN = (0.1, 0.2)  # share of the path that goes down: up to the first, these are dashes
MOST_LINES = 32  # longest ones that are looked at: what an ink can cost is bounded


def without_lines(points) -> tf.Tensor:
    """Leave out straight strokes under or over the writing.

    Args:
        points: Number `[N, 4]`, columns (x, y growing down, anything, pen_up).

    Returns:
        The same columns `[M, 4]`; where nothing but straight strokes was drawn, all of them.
    """
    strokes = find_strokes(points[:, 3])
    positions = tf.cast(points[:, :2], tf.float64)
    positions -= tf.reduce_sum(positions[:1], axis=0)
    lines = _straight_strokes(positions, strokes)
    of_writing = tf.logical_not(tf.gather(lines.is_straight, strokes.ids))
    height = _height(positions, strokes, of_writing)
    candidates = lines.is_straight & (lines.length >= SHORTEST * height) & (height > 0)

    def found():
        is_line = _are_lines(positions, strokes, lines, candidates, of_writing, height)
        return tf.boolean_mask(points, tf.logical_not(tf.gather(is_line, strokes.ids)))

    return tf.ensure_shape(tf.cond(tf.reduce_any(candidates), found, lambda: points), [None, points.shape[1]])


def even_slant(positions, strokes: Strokes) -> tf.Tensor:
    """Bring a slant beyond the usual back to the usual.

    The slant is that of down strokes: their median direction, each weighted by its height, which a shear changes by
    itself and nothing else. So writing that is sheared further gives the same result. A sign or two (a slash, "1") are
    no line and keep their slant.

    Args:
        positions: Float64 `[N, 2]`, the line of writing being horizontal.
        strokes: `Strokes` of the same N points.

    Returns:
        Float64 `[N, 2]`.
    """
    slant = slant_of(positions, strokes)
    change = tf.clip_by_value(slant, *SLANTS) - slant
    deviations = tf.math.reduce_std(positions, axis=0)
    ratio = tf.math.divide_no_nan(deviations[0], deviations[1])
    vectors = segment_vectors(positions, strokes)
    way_down = tf.reduce_sum(tf.maximum(vectors[:, 1], 0.0))
    share = tf.math.divide_no_nan(way_down, tf.reduce_sum(tf.norm(vectors, axis=1)))
    for value, (low, high) in ((ratio, WIDE), (share, DOWN)):
        change *= tf.clip_by_value((value - low) / (high - low), 0.0, 1.0)
    return positions + tf.stack([change, tf.zeros_like(change)]) * positions[:, 1:]


def slant_of(positions, strokes: Strokes) -> tf.Tensor:
    """Return the slant of the down strokes, x per y: float64 [], negative where they lean to the right; 0 of none."""
    vectors = segment_vectors(positions, strokes)
    down = tf.maximum(vectors[:, 1], 0.0)
    slants = tf.math.divide_no_nan(vectors[:, 0], down)
    order = tf.argsort(slants)
    weights = tf.cumsum(tf.gather(down, order))
    total = tf.reduce_sum(down)
    middle = tf.minimum(tf.searchsorted(weights, total[tf.newaxis] / 2), tf.maximum(tf.size(order) - 1, 0))
    return tf.reduce_sum(tf.where(total > 0, tf.gather(slants, tf.gather(order, middle[: tf.size(order)])), 0.0))


class _Straight(typing.NamedTuple):
    """The ends of the S strokes, from left to right."""

    start: tf.Tensor  # float64 [S, 2]
    end: tf.Tensor  # float64 [S, 2]
    length: tf.Tensor  # float64 [S]
    is_straight: tf.Tensor  # bool [S]: as a ruled line is


def _straight_strokes(positions, strokes):
    first, last = tf.gather(positions, strokes.first), tf.gather(positions, strokes.last)
    goes_right = (last[:, 0] >= first[:, 0])[:, tf.newaxis]
    start, end = tf.where(goes_right, first, last), tf.where(goes_right, last, first)
    vector = end - start
    length = tf.norm(vector, axis=1)
    path = tf.math.unsorted_segment_sum(
        tf.norm(segment_vectors(positions, strokes), axis=1), strokes.ids, strokes.count
    )
    is_straight = (length > 0) & (path <= STRAIGHT * length) & (tf.abs(vector[:, 1]) <= STEEPEST * vector[:, 0])
    return _Straight(start, end, length, is_straight)


def _height(positions, strokes, of_writing):
    """Height of the writing about its own slope, float64 []; 0 where there is none."""
    moments = line_moments(positions, strokes, of_writing)
    slope = tf.clip_by_value(tf.math.divide_no_nan(moments.cov, moments.var_x), -STEEPEST, STEEPEST)
    rest = moments.var_y - 2 * slope * moments.cov + slope**2 * moments.var_x
    return tf.where(moments.length > 0, SPREAD_FACTOR * tf.sqrt(tf.maximum(rest, 0.0)), 0.0)


def _are_lines(positions, strokes, lines, candidates, of_writing, height):
    """Which strokes are lines under or over the writing, bool `[S]`."""
    lengths = tf.where(candidates, lines.length, 0.0)
    _, longest = tf.math.top_k(lengths, tf.minimum(strokes.count, MOST_LINES))
    start, end = tf.gather(lines.start, longest), tf.gather(lines.end, longest)
    vectors = segment_vectors(positions, strokes)
    middles = positions + vectors / 2
    weights = tf.where(of_writing, tf.norm(vectors, axis=1), 0.0)
    width = (end - start)[:, :1]
    along = (middles[:, 0] - start[:, :1]) / tf.where(width > 0, width, 1.0)  # [K, N]
    of_line = tf.where((along >= 0) & (along <= 1), weights, 0.0)
    is_above = middles[:, 1] < start[:, 1:] + along * (end - start)[:, 1:]
    total = tf.reduce_sum(of_line, axis=1)
    above = tf.math.divide_no_nan(tf.reduce_sum(tf.where(is_above, of_line, 0.0), axis=1), total)
    part = tf.cast(tf.clip_by_value(along * PARTS, 0, PARTS - 1), tf.int32)
    covered = sum(tf.cast(tf.reduce_any((part == number) & (of_line > 0), axis=1), tf.int32) for number in range(PARTS))
    length = tf.gather(lengths, longest) / height
    is_under = above >= BEYOND
    is_over = (above <= 1 - BEYOND) & (length >= SHORTEST_ABOVE)
    is_line = (length >= SHORTEST) & (covered >= COVERED) & (is_under | is_over)
    return tf.scatter_nd(longest[:, tf.newaxis], tf.cast(is_line, tf.int32), [strokes.count]) > 0
