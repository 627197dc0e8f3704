"""Joining of two labelled inks into one line: words are plenty, lines are rare.

The second ink is written to the right of the first, on the same baseline and in the same size. Both are read off the
ink and its text together: the boxes of "on" and "dog" in one hand differ, and only the letters say why. For scripts
written from left to right.
"""

import tensorflow as tf

EXTENT_QUANTILE = 0.02  # of the points at either end of y count as flourishes
GAP, GAP_SPREAD = 1.2, 0.55  # word gaps in x-heights: median, and standard deviation of the logarithm, as in lines
GAPS = (0.4, 4.0)  # shortest and longest
PAUSES_S = (0.1, 0.6)  # shortest and longest time between the inks
TALL = 0.8  # reach of tall letters above the x-height, in x-heights
HANGING = 0.7  # reach of letters below the baseline, in x-heights
LOW_TEXT = r"[acegijmnopqrsuvwxyz.,:;_\s-]*"  # no tall letter; the dots of i and j are too small to count
HANGING_TEXT = r"(?s).*[gjpqyQ,;_()\[\]{}|].*"  # a letter below the baseline
LETTER_TEXT = r"(?s).*[\pL\pN].*"  # punctuation alone shows no size
MAX_SCALE = 4.0  # and its inverse: a wrong guess of the size stays bearable


def join(points_a, text_a, points_b, text_b, seed) -> tuple[tf.Tensor, tf.Tensor]:
    """Write ink b after ink a, a space between their texts.

    Args:
        points_a: Float32 `[N, 4]`, columns (x, y growing down, time in s, pen_up).
        text_a: String `[]`.
        points_b: Float32 `[M, 4]`.
        text_b: String `[]`.
        seed: Int `[2]`, of the gap and of the pause.

    Returns:
        points: Float32 `[N + M, 4]` in the unit of a. Times continue those of a; all are 0 where either ink has none.
        text: String `[]`.
        An ink without points leaves the other one as it is.
    """
    empty_a = tf.shape(points_a)[0] == 0
    empty_b = tf.shape(points_b)[0] == 0
    text = tf.where(empty_a, text_b, tf.where(empty_b, text_a, tf.strings.join([text_a, text_b], " ")))
    points = tf.cond(
        tf.logical_or(empty_a, empty_b),
        lambda: tf.concat([points_a, points_b], axis=0),
        lambda: _write_after(points_a, text_a, points_b, text_b, seed),
    )
    return tf.ensure_shape(points, [None, 4]), text


def writing_size(points, text) -> tuple[tf.Tensor, tf.Tensor]:
    """Estimate the height of small letters and the baseline, from the extent of y and the letters of the text.

    Latin small letters are known; every other letter or digit counts as tall and standing on the baseline.

    Args:
        points: Float32 `[N, 4]`, N > 0.
        text: String `[]`.

    Returns:
        x_height: Float32 `[]`, >= 0, in the unit of y.
        baseline: Float32 `[]`, y of the baseline.
    """
    y = tf.sort(points[:, 1])
    margin = tf.cast(EXTENT_QUANTILE * tf.cast(tf.size(y) - 1, tf.float32), tf.int32)
    top = y[margin]
    bottom = y[tf.size(y) - 1 - margin]
    above = tf.where(tf.strings.regex_full_match(text, LOW_TEXT), 0.0, TALL)
    below = tf.where(tf.strings.regex_full_match(text, HANGING_TEXT), HANGING, 0.0)
    x_height = (bottom - top) / (1.0 + above + below)
    return x_height, bottom - below * x_height


def _write_after(points_a, text_a, points_b, text_b, seed):
    """Join two inks with points; see `join`."""
    pause_s = tf.random.stateless_uniform([2], seed)[1]
    gap = tf.clip_by_value(GAP * tf.exp(GAP_SPREAD * tf.random.stateless_normal([], seed)), *GAPS)
    size_a, baseline_a = writing_size(points_a, text_a)
    size_b, baseline_b = writing_size(points_b, text_b)
    has_letters = [tf.strings.regex_full_match(text, LETTER_TEXT) for text in (text_a, text_b)]
    scale = tf.clip_by_value(tf.math.divide_no_nan(size_a, size_b), 1 / MAX_SCALE, MAX_SCALE)
    scale = tf.where(tf.logical_and(*has_letters), scale, 1.0)
    margin = gap * tf.maximum(size_a, scale * size_b)
    x = (points_b[:, 0] - tf.reduce_min(points_b[:, 0])) * scale + tf.reduce_max(points_a[:, 0]) + margin
    y = (points_b[:, 1] - baseline_b) * scale + baseline_a
    time_s = points_b[:, 2] - points_b[0, 2] + points_a[-1, 2] + _between(PAUSES_S, pause_s)
    timed = tf.logical_and(tf.reduce_any(points_a[:, 2] > 0), tf.reduce_any(points_b[:, 2] > 0))
    lifted = tf.concat([points_a[:-1, 3], [1.0]], axis=0)  # also where a's last flag is missing
    a = tf.concat([points_a[:, :3], lifted[:, tf.newaxis]], axis=1)
    joined = tf.concat([a, tf.stack([x, y, time_s, points_b[:, 3]], axis=1)], axis=0)
    return joined * tf.stack([1.0, 1.0, tf.cast(timed, tf.float32), 1.0])


def _between(bounds, share):
    return bounds[0] + (bounds[1] - bounds[0]) * share
