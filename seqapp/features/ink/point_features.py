"""Features of a resampled pen point: five numbers of usual size one, unchanged when the ink is moved."""

import tensorflow as tf

from seqapp.features.ink.resampling import Resampled

NUM_POINT_FEATURES = 5
TIME_UNIT_S = 0.01  # a pen takes about this long for one step of 0.05 heights: UNIPEN, median 7 to 10 ms


def point_features(resampled: Resampled, step: float) -> tf.Tensor:
    """Compute the five features per point of Carbune et al.: (dx, dy, dt, p, n), the first row (0, 0, 0, p, 1).

    Differences reach back to the previous point, also across a lifted pen. p = 0 on the last point of a stroke, where
    the pen leaves the paper, else 1 (hovering points are not kept, so nothing else could be a pen-up point); n = 1 on
    the first point of a stroke. The scale is global and fixed: dx and dy count steps, at most 1 within a stroke, and
    jumps between strokes grow logarithmically beyond 1 (`soft_limit`); dt is log(1 + dt / 0.01 s).

    Args:
        resampled: `Resampled` of T points, columns (x, y, time in s).
        step: Distance of points within a stroke, in the unit of x and y.

    Returns:
        Float32 `[T, 5]`.
    """
    positions = resampled.positions
    delta = positions - tf.concat([positions[:1], positions[:-1]], axis=0)
    shift = soft_limit(delta[:, :2] / step)
    duration = tf.math.log1p(tf.maximum(delta[:, 2:], 0.0) / TIME_UNIT_S)  # clocks may run backwards
    pen = tf.cast(tf.stack([tf.logical_not(resampled.is_last), resampled.is_first], axis=1), tf.float64)
    return tf.cast(tf.concat([shift, duration, pen], axis=1), tf.float32)


def soft_limit(x) -> tf.Tensor:
    """Return x within +-1, sign(x) (1 + log|x|) beyond: smooth and odd; a jump of 40 units becomes 4.7."""
    size = tf.abs(x)
    return tf.where(size <= 1.0, x, tf.sign(x) * (1.0 + tf.math.log(tf.maximum(size, 1.0))))
