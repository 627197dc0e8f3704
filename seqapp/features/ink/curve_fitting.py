"""Least-squares cubic Bezier curves through runs of points, all runs of an ink at once.

A curve C(s) = sum_k a_k s^k, 0 <= s <= 1, gives x, y and time. It begins and ends exactly in the first and the last
point of its run, so neighbours meet; the two control points between follow from two normal equations per run.
"""

import typing

import tensorflow as tf

NUM_REFITS = 2  # tells good runs from bad ones: 10 would save 4 % of the curves and take 2.5 times as long
RIDGE = 1e-6  # what too few points leave open becomes the straight, evenly drawn line


class Runs(typing.NamedTuple):
    """Cuts the M points of an ink into C runs; inside a stroke a run starts where the one before it ends."""

    ids: tf.Tensor  # int32 [M]: run of each point; a point shared by two counts for the later one
    first: tf.Tensor  # int32 [C]: index of each run's first point
    last: tf.Tensor  # int32 [C]: index of its last point, which may be the first of the next run
    inner: tf.Tensor  # bool [M]: neither the first nor the last point of its run


def cut_runs(is_knot, is_last) -> Runs:
    """Cut strokes into runs from knot to knot, or to the end of the stroke.

    Args:
        is_knot: Bool `[M]`, True where a run starts: at every first point of a stroke, at no last one but a dot's.
        is_last: Bool `[M]`, last points of strokes.

    Returns:
        `Runs`.
    """
    ids = tf.cumsum(tf.cast(is_knot, tf.int32)) - 1
    first = tf.cast(tf.where(is_knot)[:, 0], tf.int32)
    final = tf.math.unsorted_segment_max(tf.range(tf.size(ids)), ids, tf.size(first))
    last = tf.where(tf.gather(is_last, final), final, final + 1)
    return Runs(ids, first, last, tf.logical_not(tf.logical_or(is_knot, is_last)))


def run_shares(travelled, runs: Runs) -> tf.Tensor:
    """Return the share of its run's length that lies before each point.

    Args:
        travelled: Float64 `[M]`, length of the polyline up to each point.
        runs: `Runs` of the same M points.

    Returns:
        Float64 `[M]` in [0, 1]; the last point of a stroke has 1 (0 in a dot).
    """
    begin = tf.gather(travelled, runs.first)
    length = tf.gather(travelled, runs.last) - begin
    return tf.math.divide_no_nan(travelled - tf.gather(begin, runs.ids), tf.gather(length, runs.ids))


def fit_curves(positions, runs: Runs, shares, num_refits: int = NUM_REFITS) -> tuple[tf.Tensor, tf.Tensor]:
    """Fit one curve to each run: linear least squares with s fixed, a Newton step on every s, and again.

    Args:
        positions: Float64 `[M, 2 + D]`, columns (x, y, ...): every column is fitted, distances count x and y.
        runs: `Runs` of the same M points.
        shares: Float64 `[M]`, the first s.
        num_refits: How many Newton steps follow the first fit, each with a new fit.

    Returns:
        coefficients: Float64 `[C, 4, 2 + D]`, a_0 .. a_3 of each curve.
        squared_error: Float64 `[C]`, distances of the run's inner points from the curve, squared and summed.
    """
    s = shares[:, tf.newaxis]
    coefficients = _least_squares(positions, runs, s)
    for _ in range(num_refits):
        s = _newton_step(positions[:, :2], tf.gather(coefficients[:, :, :2], runs.ids), s)
        coefficients = _least_squares(positions, runs, s)
    a = tf.unstack(tf.gather(coefficients[:, :, :2], runs.ids), axis=1)
    miss = ((a[3] * s + a[2]) * s + a[1]) * s + a[0] - positions[:, :2]
    squares = tf.where(runs.inner, tf.reduce_sum(miss**2, axis=1), 0.0)
    return coefficients, tf.math.unsorted_segment_sum(squares, runs.ids, tf.size(runs.first))


def _least_squares(positions, runs, s):
    """Return the best a_0 .. a_3, float64 `[C, 4, D]`, for points at s, float64 `[M, 1]`; both ends are given."""
    start = tf.gather(positions, runs.first)
    end = tf.gather(positions, runs.last)
    chord = end - start
    # Unknown are u, v in C(s) = start + chord s + u f(s) + v g(s): f and g are the inner Bernstein polynomials.
    f = s * (1 - s) ** 2
    g = s**2 * (1 - s)
    rest = positions - tf.gather(start, runs.ids) - tf.gather(chord, runs.ids) * s
    columns = tf.concat([f * f, f * g, g * g, f * rest, g * rest], axis=1)
    columns = tf.where(runs.inner[:, tf.newaxis], columns, 0.0)
    sums = tf.math.unsorted_segment_sum(columns, runs.ids, tf.size(runs.first))
    ff = sums[:, 0:1] + RIDGE
    fg = sums[:, 1:2]
    gg = sums[:, 2:3] + RIDGE
    f_rest, g_rest = tf.split(sums[:, 3:], 2, axis=1)
    determinant = ff * gg - fg * fg  # at least RIDGE squared
    u = (gg * f_rest - fg * g_rest) / determinant
    v = (ff * g_rest - fg * f_rest) / determinant
    return tf.stack([start, chord + u, v - 2 * u, u - v], axis=1)


def _newton_step(positions, coefficients, s):
    """Take one Newton step of every s, float64 `[M, 1]`, towards the curve's point nearest to `positions`."""
    a = tf.unstack(coefficients, axis=1)
    miss = ((a[3] * s + a[2]) * s + a[1]) * s + a[0] - positions
    speed = (3 * a[3] * s + 2 * a[2]) * s + a[1]
    bend = 6 * a[3] * s + 2 * a[2]
    slope = tf.reduce_sum(miss * speed, axis=1, keepdims=True)
    square = tf.reduce_sum(speed**2, axis=1, keepdims=True)
    curvature = square + tf.reduce_sum(miss * bend, axis=1, keepdims=True)
    # Where the distance is not convex, Newton would run away from the minimum: Gauss-Newton does not.
    step = tf.math.divide_no_nan(slope, tf.where(curvature > 0.1 * square, curvature, square))
    return tf.clip_by_value(s - step, 0.0, 1.0)
