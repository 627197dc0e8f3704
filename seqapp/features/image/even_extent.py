"""Vertical extent of a line's ink among remains of its neighbours, and the slope of the line.

`seqapp.datasets.image.even_extent` is the twin in NumPy.
"""

import tensorflow as tf

from seqapp.features.image.line_extent import BLANK_SPREAD, LARGEST_SPREAD, SMALLEST_SPREAD

STEP_NOISE = 0.04  # of full contrast, after smoothing: smaller steps from one column to the next are grain
STEP_DEVIATIONS = 0.68  # of the grain: 2.5 of what smoothing leaves of it
BAND_SPREADS = [SMALLEST_SPREAD * 10.0 ** (k / 15) for k in range(16)]  # of the height: which bands are looked for
BAND_WIDTH = 1.3  # spreads: where the kernel that finds a band changes sign
BAND_EXPONENT = 0.9  # larger ones prefer smaller bands: a line to a line with its neighbours
CENTRE = 0.5  # heights from the middle, at which a band counts by exp(-1/2)
REFINEMENTS = 3
REACH = 2.2  # spreads from the middle: what lies beyond is hardly this line's ...
EDGE = 0.5  # ... and what lies so much farther out not at all
CALIBRATION = 1.0  # spread of clean lines by `line_extent`, over that by the above
"""Median over lines of copiste-dun-jour."""


def ink_steps(ink, grain) -> tf.Tensor:
    """Sum the changes of smoothed ink from column to column over each row: strokes count, by their height.

    Args:
        ink: Float32 `[W, H]`, from `even_ink`.
        grain: Float32 `[]`, likewise.

    Returns:
        Float32 `[H]`.
    """
    ink = tf.pad(ink, [[1, 1], [1, 1]], "SYMMETRIC")
    changes = ink[3:] - ink[:-3]  # of the sum of three columns, from each to the next
    changes = tf.abs(changes[:, :-2] + changes[:, 1:-1] + changes[:, 2:]) / 9.0
    return tf.reduce_sum(tf.maximum(changes - (STEP_NOISE + STEP_DEVIATIONS * grain), 0.0), axis=0)


def even_extent(steps) -> tuple[tf.Tensor, tf.Tensor]:
    """Measure the middle of the ink and its spread around it, over the rows of a line.

    Args:
        steps: Float32 `[H]`, from `ink_steps`.

    Returns:
        Middle and spread, float32 `[]`, in rows, as `line_extent.ink_extent` measures them on clean lines.
    """
    height = tf.cast(tf.size(steps), tf.float32)
    rows = tf.range(height) + 0.5
    middle, spread = _strongest_band(steps, rows, height)
    for _ in range(REFINEMENTS):
        weights = steps * tf.clip_by_value(1.0 - (tf.abs(rows - middle) / spread - REACH) / EDGE, 0.0, 1.0)
        total = tf.reduce_sum(weights)
        middle = tf.where(total > 0.0, tf.math.divide_no_nan(tf.reduce_sum(rows * weights), total), middle)
        variance = tf.math.divide_no_nan(tf.reduce_sum((rows - middle) ** 2 * weights), total)
        spread = tf.maximum(tf.sqrt(variance), height * SMALLEST_SPREAD / CALIBRATION)
    spread = tf.minimum(spread * CALIBRATION, height * LARGEST_SPREAD)
    blank = tf.reduce_sum(steps) <= 0.0
    return tf.where(blank, height / 2, middle), tf.where(blank, height * BLANK_SPREAD, spread)


def _strongest_band(steps, rows, height):
    """Find the band of rows that stands out most from those above and below it, in all sizes: middle and spread."""
    spreads = tf.constant(BAND_SPREADS) * height
    widths = BAND_WIDTH * spreads[:, tf.newaxis, tf.newaxis]
    squares = ((rows[:, tf.newaxis] - rows) / widths) ** 2
    kernels = (1.0 - squares) * tf.exp(-squares / 2.0) / widths**BAND_EXPONENT
    bands = tf.linalg.matvec(kernels, steps) * tf.exp(-0.5 * ((rows / height - 0.5) / CENTRE) ** 2)
    best = tf.argmax(tf.reshape(bands, [-1]), output_type=tf.int32)
    return rows[best % tf.size(rows)], spreads[best // tf.size(rows)]
