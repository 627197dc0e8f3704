"""Normalisation of an ink: its size, slope and position made alike for all devices.

Only one factor scales x and y, so shapes keep their proportions. All moments are integrals along the drawn lines
(each straight segment contributes its exact mean and variance), hence they do not depend on the sampling rate.
Whatever is normalised over the whole ink cannot stream: the height is known when the line is written.
"""

import math

import tensorflow as tf

from seqapp.features.ink.even_hand import even_slant
from seqapp.features.ink.line_moments import SPREAD_FACTOR, Moments, line_moments
from seqapp.features.ink.strokes import Strokes

HEIGHTS = ("bounding_box", "spread")
BOX_MARGIN = 1.2  # the writing area is unknown: Carbune et al. take one 20 % larger than the bounding box
MAX_STROKE_ASPECT = 6.0  # no stroke is wider, on average, than this many heights: keeps dashes finite
ROUNDING = 1e-6  # of the box: smaller heights are zeros, spoilt by the rotation
MAX_SLOPE_DEG = 20.0  # steeper fits come from short words and symbols, not from writing lines


def writing_slope(moments: Moments) -> tf.Tensor:
    """Estimate the slope dy/dx of the writing line: least squares of y on x, faded out where the ink is no line.

    Two ratios of standard deviations guard it: x to y as drawn (a slash is no writing line) and x to the rest of y
    around the fit (two letters are not one either). Both fade linearly, so that no ink sits next to a jump.

    Args:
        moments: `Moments` of the ink.

    Returns:
        Float64 `[]`, within +-tan(20 degrees).
    """
    slope = tf.math.divide_no_nan(moments.cov, moments.var_x)
    rest = tf.maximum(moments.var_y - slope * moments.cov, 0.0)
    wide = _fade(moments.var_x, moments.var_y, 1.5, 2.5) * _fade(moments.var_x, rest, 3.0, 6.0)
    limit = math.tan(math.radians(MAX_SLOPE_DEG))
    return tf.clip_by_value(slope * wide, -limit, limit)


def _fade(var_x, var_y, low, high):
    """Return 0 where std_x / std_y <= low, 1 where it is >= high, linear between."""
    std_x = tf.sqrt(var_x)
    std_y = tf.sqrt(var_y)
    span = tf.maximum((high - low) * std_y, ROUNDING * std_x)  # a line without any height is wide
    return tf.clip_by_value(tf.math.divide_no_nan(std_x - low * std_y, span), 0.0, 1.0)


def ink_height(positions, strokes: Strokes, kind: str) -> tf.Tensor:
    """Return the length that becomes 1: the height of the writing area, never zero.

    "bounding_box" is 1.2 times the height of the bounding box (Carbune et al.). "spread" is 5.5 standard deviations
    of y along the lines, which one flourish hardly moves. Dots and dashes have no height of their own: a sixth of the
    mean stroke width is the least; where that is zero too, the box's height, its width, or 1.

    Args:
        positions: Float64 `[N, 2]`.
        strokes: `Strokes` of the same N points.
        kind: One of `HEIGHTS`.

    Returns:
        Float64 `[]`, > 0.
    """
    box = _extent(positions)
    if kind == "bounding_box":
        height = BOX_MARGIN * box[1]
    else:
        height = SPREAD_FACTOR * tf.sqrt(line_moments(positions, strokes).var_y)
    height = tf.maximum(height, _mean_stroke_width(positions, strokes) / MAX_STROKE_ASPECT)
    for fallback in (box[1], box[0], tf.ones_like(height)):
        height = tf.where(height > ROUNDING * tf.reduce_max(box), height, fallback)
    return height


def _extent(positions):
    """Return the width and height of the bounding box, float64 `[2]`; zeros for N = 0."""
    size = tf.reduce_max(positions, axis=0) - tf.reduce_min(positions, axis=0)
    return tf.where(tf.shape(positions)[0] > 0, size, tf.zeros_like(size))


def _mean_stroke_width(positions, strokes):
    """Return the mean horizontal extent of the strokes, float64 `[]`; zero for N = 0."""
    x = positions[:, 0]
    right = tf.math.unsorted_segment_max(x, strokes.ids, strokes.count)
    left = tf.math.unsorted_segment_min(x, strokes.ids, strokes.count)
    return tf.math.divide_no_nan(tf.reduce_sum(right - left), tf.cast(strokes.count, x.dtype))


def normalize(points, strokes: Strokes, kind: str, hand: str = "as_written") -> tuple[tf.Tensor, tf.Tensor]:
    """Move and scale an ink so that its height is 1; "spread" also turns its writing line horizontal.

    Args:
        points: Number `[N, 4]`, columns (x, y down, time in s, pen_up).
        strokes: `Strokes` of the same N points.
        kind: One of `HEIGHTS`.
        hand: "even" brings a slant beyond the usual back to it, once the writing line is horizontal.

    Returns:
        positions: Float64 `[N, 3]`, columns (x, y, time in s); the origin is the mean of the lines and the first time.
        slope: Float64 `[]`, dy/dx of the writing line left in `positions`; 0 for "spread".

    Raises:
        ValueError: Unknown `kind`.
    """
    if kind not in HEIGHTS:
        raise ValueError(f"features.height: expected one of {HEIGHTS}, received {kind!r}")
    # The first point goes first: what follows then works on small numbers wherever the ink lies on the tablet.
    start = tf.cast(tf.reduce_sum(points[:1], axis=0), tf.float64)
    points = tf.cast(points, tf.float64) - start
    moments = line_moments(points[:, :2], strokes)
    positions = points[:, :2] - tf.stack([moments.mean_x, moments.mean_y])
    slope = writing_slope(moments)
    if kind == "spread":
        positions = _rotate(positions, -tf.atan(slope))
        slope = tf.zeros_like(slope)
    if hand == "even":
        positions = even_slant(positions, strokes)
    positions = positions / ink_height(positions, strokes, kind)
    return tf.concat([positions, points[:, 2:3]], axis=1), slope


def _rotate(positions, angle):
    """Turn positions float64 `[N, 2]` about the origin by `angle` radians, x towards y."""
    cos = tf.cos(angle)
    sin = tf.sin(angle)
    return positions @ tf.stack([tf.stack([cos, sin]), tf.stack([-sin, cos])])
