"""Features of a Bezier curve: ten numbers of usual size one, unchanged when the ink is moved."""

import tensorflow as tf

from seqapp.features.ink.point_features import soft_limit

NUM_CURVE_FEATURES = 10
MAX_RATIO = 3.0  # of a control arm to the distance of the ends
LENGTH_UNIT = 0.25  # ink heights: a usual curve
TIME_UNIT_S = 0.1  # seconds: a usual curve


def curve_features(coefficients, curve_strokes) -> tuple[tf.Tensor, tf.Tensor]:
    """Compute ten features per curve, with a straight pen-up curve from each stroke to the next.

    Columns: d_x, d_y from start to end (unit 0.25 heights); lengths of the two control arms over that distance; their
    two angles to it, in radians; gamma_1 .. gamma_3 of t(s) = sum_k gamma_k s^k (unit 0.1 s); p, 1 for pen-down and 0
    for pen-up. Lengths and times pass `soft_limit`.

    Args:
        coefficients: Float64 `[C, 4, 3]` and
        curve_strokes: Int32 `[C]`, from `find_curves`.

    Returns:
        features: Float32 `[T, 10]`, T = C + number of strokes - 1.
        starts: Float64 `[T, 2]`, where each curve begins.
    """
    coefficients, pen_down = _with_pen_up(coefficients, curve_strokes)
    a = tf.unstack(coefficients[:, :, :2], axis=1)
    chord = a[1] + a[2] + a[3]
    arms = a[1] / 3, (a[1] + 2 * a[2] + 3 * a[3]) / 3  # P_1 - P_0, P_3 - P_2
    distance = tf.norm(chord, axis=1)
    ratios = [tf.minimum(tf.math.divide_no_nan(tf.norm(arm, axis=1), distance), MAX_RATIO) for arm in arms]
    angles = [_angle(chord, arm) for arm in arms]
    times = tf.unstack(soft_limit(coefficients[:, 1:, 2] / TIME_UNIT_S), axis=1)
    shift = tf.unstack(soft_limit(chord / LENGTH_UNIT), axis=1)
    return tf.cast(tf.stack([*shift, *ratios, *angles, *times, pen_down], axis=1), tf.float32), a[0]


def _angle(reference, vectors):
    """Return the signed angle between two vectors, both float64 `[T, 2]`, in radians; 0 where either is zero."""
    cross = reference[:, 0] * vectors[:, 1] - reference[:, 1] * vectors[:, 0]
    return tf.atan2(cross, tf.reduce_sum(reference * vectors, axis=1))


def _with_pen_up(coefficients, curve_strokes):
    """Put straight curves between strokes: coefficients float64 `[T, 4, 3]` and pen_down float64 `[T]`."""
    place = tf.range(tf.size(curve_strokes)) + curve_strokes  # one pen-up curve after each earlier stroke
    lifts = tf.where(curve_strokes[1:] > curve_strokes[:-1])[:, 0]
    start = tf.reduce_sum(tf.gather(coefficients, lifts), axis=1)
    jump = tf.gather(coefficients[:, 0], lifts + 1) - start
    straight = tf.stack([start, jump, tf.zeros_like(jump), tf.zeros_like(jump)], axis=1)
    order = tf.argsort(tf.concat([place, tf.gather(place, tf.cast(lifts, tf.int32)) + 1], axis=0))
    pen_down = tf.concat([tf.ones_like(coefficients[:, 0, 0]), tf.zeros_like(jump[:, 0])], axis=0)
    return tf.gather(tf.concat([coefficients, straight], axis=0), order), tf.gather(pen_down, order)
