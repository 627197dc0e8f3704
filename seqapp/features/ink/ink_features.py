"""Ink features: raw pen points to the sequence that a network reads; one graph in training and in the SavedModel."""

import tensorflow as tf

from seqapp.features.ink.curve_features import NUM_CURVE_FEATURES, curve_features
from seqapp.features.ink.curves import find_curves
from seqapp.features.ink.even_hand import without_lines
from seqapp.features.ink.normalization import normalize
from seqapp.features.ink.point_features import NUM_POINT_FEATURES, point_features
from seqapp.features.ink.resampling import resample
from seqapp.features.ink.smooth_path import smooth_path
from seqapp.features.ink.strokes import find_strokes

WIDTHS = {"points": NUM_POINT_FEATURES, "curves": NUM_CURVE_FEATURES}


def num_features(config) -> int:
    """Return the width F of `ink_features`: 5 per point or 10 per curve, and one more with `include_y`.

    Args:
        config: `seqapp.recipe.InkConfig`.

    Raises:
        ValueError: Unknown `config.kind`.
    """
    if config.kind not in WIDTHS:
        raise ValueError(f"features.kind: expected one of {tuple(WIDTHS)}, received {config.kind!r}")
    return WIDTHS[config.kind] + int(config.include_y)


def ink_features(points, config) -> tf.Tensor:
    """Compute the features of one ink, independent of where, how large and how densely sampled it was written.

    Args:
        points: Float32 `[N, 4]`, columns (x, y growing down, time in s, pen_up = 1 on the last point of a stroke), all
            finite. N may be 0 or unknown. Unknown times are all zero.
        config: `seqapp.recipe.InkConfig`.

    Returns:
        Float32 `[T, F]`, F = `num_features(config)`: one row per resampled point, or per curve. T = 0 for N = 0. With
        `include_y` the last column is the height of the point, or of the curve's start, above the writing line.

    Raises:
        ValueError: Unknown `config.kind` or `config.height`.

    Reference: Carbune et al. 2020, "Fast multi-language LSTM-based online handwriting recognition", sections 2.1 and
        2.2.
    """
    width = num_features(config)
    resampled, slope = _resampled(_writing(points, config), config)
    if config.kind == "points":
        features = point_features(resampled, config.step)
        places = resampled.positions
    else:
        features, places = curve_features(*find_curves(resampled, config.curve_error))
    if config.include_y:
        above = slope * places[:, 0] - places[:, 1]
        features = tf.concat([features, tf.cast(above, tf.float32)[:, tf.newaxis]], axis=1)
    return tf.ensure_shape(features, [None, width])


def frame_of_point(points, config) -> tf.Tensor:
    """Find the row of `ink_features` that each raw point went into, so that a frame can be shown on the paper.

    Args:
        points: Float32 `[N, 4]`, as for `ink_features`.
        config: `seqapp.recipe.InkConfig`.

    Returns:
        Int32 `[N]`, not decreasing, in [0, T). A point that is left out went where the one before it did.
    """
    # The index travels in the place of the time, which shapes nothing: interpolated along with x and y, it tells of
    # every resampled point, and of the start of every curve, where in the raw ink it lies.
    index = tf.range(tf.shape(points)[0], dtype=tf.float32)
    indexed = tf.concat([points[:, :2], index[:, tf.newaxis], points[:, 3:]], axis=1)
    writing = _writing(indexed, config)
    resampled, _ = _resampled(writing, config)
    index -= tf.reduce_sum(writing[:1, 2])  # normalised times begin at 0
    if config.kind == "points":
        return _last_row_from(resampled.positions[:, 2], index)
    coefficients, curve_strokes = find_curves(resampled, config.curve_error)
    curves = _last_row_from(coefficients[:, 0, 2], index)
    return curves + tf.gather(curve_strokes, curves)  # a curve of the lifted pen stands before every later stroke


def _writing(points, config):
    """The points that features are made of."""
    points = tf.ensure_shape(points, [None, 4])
    return without_lines(points) if config.hand == "even" else points


def _resampled(points, config):
    """The normalised ink at equal steps along its path, and the slope of its writing line."""
    strokes = find_strokes(points[:, 3])
    positions, slope = normalize(points, strokes, config.height, config.hand)
    if config.path == "smooth":
        positions, strokes = smooth_path(positions, strokes)
    return resample(positions, strokes, config.step, config.max_points), slope


def _last_row_from(origin, index):
    """Return for each index the last row whose origin, float `[T]`, it has reached: int32 `[N]`."""
    rounding = 1e-3
    rows = tf.searchsorted(origin, tf.cast(index, origin.dtype) + rounding, side="right") - 1
    return tf.maximum(rows, 0)
