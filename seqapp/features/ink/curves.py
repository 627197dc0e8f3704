"""Bezier curves of an ink, a short sequence instead of a long one of points: Carbune et al. 2020, section 2.2.

Everything is found on the resampled points, so curves do not depend on the sampling rate. Differences from the paper:
neighbouring curves meet exactly (their ends are points of the ink), and "too much turning" is a curve whose ends are
nearer than half its length, which also keeps the ratios by that distance finite.
"""

import tensorflow as tf

from seqapp.features.ink.curve_fitting import cut_runs, fit_curves, run_shares
from seqapp.features.ink.resampling import Resampled

MAX_ROUNDS = 10  # every round splits each bad curve in two
MIN_STRAIGHTNESS = 0.5  # distance of the ends / length: 0.64 for half a circle, 0.3 for three quarters
TURN_WINDOW = 2  # points before and after: a corner is spread over two resampled points
TURN_UNIT_RAD = 1e-4  # turns are compared on this grid, so that rounding does not decide between equals


def find_curves(resampled: Resampled, max_error: float) -> tuple[tf.Tensor, tf.Tensor]:
    """Split strokes at their sharpest turns until every curve fits.

    Args:
        resampled: `Resampled` of M points, columns (x, y, time in s).
        max_error: Largest squared error of a curve, summed over its points, in the squared unit of x and y.

    Returns:
        coefficients: Float64 `[C, 4, 3]`, a_0 .. a_3 of each curve in (x, y, time) over 0 <= s <= 1.
        curve_strokes: Int32 `[C]`, the stroke of each curve.
    """
    positions, stroke_ids, is_first, is_last = resampled
    steps = tf.norm(positions[1:, :2] - positions[:-1, :2], axis=1)
    travelled = tf.concat([tf.zeros_like(positions[:1, 0]), tf.cumsum(steps)], axis=0)
    turns = _turns(positions[:, :2], is_first, is_last, stroke_ids)

    def split(round_number, is_knot, *_):
        runs = cut_runs(is_knot, is_last)
        shares = run_shares(travelled, runs)
        coefficients, error = fit_curves(positions, runs, shares)
        length = tf.gather(travelled, runs.last) - tf.gather(travelled, runs.first)
        span = tf.norm(tf.reduce_sum(coefficients[:, 1:, :2], axis=1), axis=1)
        bad = tf.logical_or(error > max_error, span < MIN_STRAIGHTNESS * length)
        bad = tf.logical_and(bad, round_number < MAX_ROUNDS - 1)
        is_cut = _sharpest(turns, shares, runs, bad)
        more = tf.reduce_any(is_cut)
        return round_number + 1, tf.logical_or(is_knot, is_cut), more, coefficients, tf.gather(stroke_ids, runs.first)

    state = (0, is_first, True, tf.zeros([0, 4, 3], tf.float64), tf.zeros([0], tf.int32))
    shapes = [tf.TensorShape(shape) for shape in ([], [None], [], [None, 4, 3], [None])]
    *_, coefficients, curve_strokes = tf.while_loop(
        lambda _round, _knots, more, *_: more, split, state, shape_invariants=tuple(shapes)
    )
    return coefficients, curve_strokes


def _turns(positions, is_first, is_last, stroke_ids):
    """Return the turn at each point in [0, pi], float64 `[M]`; zero at the ends of strokes."""
    index = tf.range(tf.size(stroke_ids))
    first = tf.gather(tf.boolean_mask(index, is_first), stroke_ids)
    last = tf.gather(tf.boolean_mask(index, is_last), stroke_ids)
    come = positions - tf.gather(positions, tf.maximum(index - TURN_WINDOW, first))
    go = tf.gather(positions, tf.minimum(index + TURN_WINDOW, last)) - positions
    cross = come[:, 0] * go[:, 1] - come[:, 1] * go[:, 0]
    return tf.abs(tf.atan2(cross, tf.reduce_sum(come * go, axis=1)))


def _sharpest(turns, shares, runs, bad):
    """Return bool `[M]`: in each run that is `bad`, bool `[C]`, the first inner point with the largest turn."""
    # Of equal turns the middle one is best: a circle falls into halves, not into one slice after the other.
    scores = tf.cast(tf.round(turns * tf.sqrt(4 * shares * (1 - shares)) / TURN_UNIT_RAD), tf.int32)
    count = tf.size(runs.first)
    scores = tf.where(runs.inner, scores, -1)
    best = tf.gather(tf.math.unsorted_segment_max(scores, runs.ids, count), runs.ids)
    candidate = runs.inner & (scores == best) & tf.gather(bad, runs.ids)
    index = tf.range(tf.size(scores))
    middle = tf.math.unsorted_segment_min(tf.where(candidate, index, tf.int32.max), runs.ids, count)
    return candidate & (index == tf.gather(middle, runs.ids))
