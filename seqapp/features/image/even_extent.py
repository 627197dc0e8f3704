"""Vertical extent of a line's ink among remains of its neighbours, and the slope of the line.

`seqapp.datasets.image.even_extent` is the twin in NumPy.
"""

import math

import tensorflow as tf

from seqapp.features.image.line_extent import BLANK_SPREAD, LARGEST_SPREAD, SMALLEST_SPREAD

STEP_NOISE = 0.04  # of full contrast, after smoothing: smaller steps from one column to the next are grain
STEP_DEVIATIONS = 0.68  # of the grain: 2.5 of what smoothing leaves of it
BAND_SPREADS = [SMALLEST_SPREAD * 10.0 ** (k / 15) for k in range(16)]  # of the height: which bands are looked for
BAND_WIDTH = 1.3  # spreads: where the kernel that finds a band changes sign
BAND_EXPONENT = 0.9  # larger ones prefer smaller bands: a line to a line with its neighbours
CENTRE = 0.5  # of pictures, in which a line may be anywhere
THIN = 7  # rows: a thinner band is no writing but a dotted line, unless there is nothing else
ENOUGH = 0.2  # of all steps, to be something else
RISE = 0.06  # of the highest row: ink that becomes so much more again, farther from the middle, is a neighbour's
REFINEMENTS = 2
REACH = 3.5  # spreads from the middle: what lies beyond is hardly this line's ...
EDGE = 1.0  # ... and what lies so much farther out not at all
SLOPE_FITS = 3
SLOPE_REACH = 2.0  # spreads of the ink from the sloping line
SHORTEST_SLOPE = 36.0  # spreads of the ink, some four heights of a line: letters decide the slope of shorter ink
LEVEL = math.tan(math.radians(1.0))
STEEPEST = math.tan(math.radians(8.0))
CALIBRATION = 0.981  # spread by `line_extent` over that by the above: the median over lines of copiste-dun-jour


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


def even_extent(steps, centre: float = CENTRE, smallest: float = SMALLEST_SPREAD) -> tuple[tf.Tensor, tf.Tensor]:
    """Measure the middle of the ink and its spread around it, over the rows of a line.

    Args:
        steps: Float32 `[H]`, from `ink_steps`.
        centre: Heights from the middle row, at which a band counts by exp(-1/2): small where a line is in the middle.
        smallest: Smallest spread, in heights.

    Returns:
        Middle and spread, float32 `[]`, in rows, as `line_extent.ink_extent` measures them on clean lines.
    """
    height = tf.cast(tf.size(steps), tf.float32)
    rows = tf.range(height) + 0.5
    steps = _without_thin_bands(steps)
    middle, spread = _strongest_band(steps, rows, height, centre)
    steps = _without_neighbours(steps, rows - middle, spread)
    for _ in range(REFINEMENTS):
        weights = steps * tf.clip_by_value(1.0 - (tf.abs(rows - middle) / spread - REACH) / EDGE, 0.0, 1.0)
        total = tf.reduce_sum(weights)
        middle = tf.where(total > 0.0, tf.math.divide_no_nan(tf.reduce_sum(rows * weights), total), middle)
        variance = tf.math.divide_no_nan(tf.reduce_sum((rows - middle) ** 2 * weights), total)
        spread = tf.maximum(tf.sqrt(variance), height * smallest / CALIBRATION)
    spread = tf.minimum(spread * CALIBRATION, height * LARGEST_SPREAD)
    blank = tf.reduce_sum(steps) <= 0.0
    return tf.where(blank, height / 2, middle), tf.where(blank, height * BLANK_SPREAD, spread)


def _without_thin_bands(steps):
    """Open the profile: peaks lower to what so many rows in a row have at least."""

    def largest(values):
        return tf.nn.max_pool1d(values[tf.newaxis, :, tf.newaxis], THIN, 1, "SAME")[0, :, 0]

    opened = largest(-largest(-steps))
    return tf.where(tf.reduce_sum(opened) > ENOUGH * tf.reduce_sum(steps), opened, steps)


def _without_neighbours(steps, places, core):
    """Cut off what lies beyond the valleys above and below the line, at places relative to its middle, `[H]`."""
    distances = tf.abs(places)
    is_same_side = places[:, tf.newaxis] * places > 0.0
    is_between = is_same_side & (distances <= distances[:, tf.newaxis]) & (distances >= core)
    lowest = tf.minimum(steps, tf.reduce_min(tf.where(is_between, steps, steps.dtype.max), axis=1))  # on the way there
    is_risen = steps - lowest > RISE * tf.reduce_max(steps)
    is_beyond = is_same_side & is_risen & (lowest[:, tf.newaxis] <= lowest) & (distances >= core)[:, tf.newaxis]
    return tf.where(tf.reduce_any(is_beyond, axis=1), 0.0, steps)


def _strongest_band(steps, rows, height, centre):
    """Find the band of rows that stands out most from those above and below it, in all sizes: middle and spread."""
    spreads = tf.constant(BAND_SPREADS) * height
    widths = BAND_WIDTH * spreads[:, tf.newaxis, tf.newaxis]
    squares = ((rows[:, tf.newaxis] - rows) / widths) ** 2
    kernels = (1.0 - squares) * tf.exp(-squares / 2.0) / widths**BAND_EXPONENT
    bands = tf.linalg.matvec(kernels, steps) * tf.exp(-0.5 * ((rows / height - 0.5) / centre) ** 2)
    best = tf.argmax(tf.reshape(bands, [-1]), output_type=tf.int32)
    return rows[best % tf.size(rows)], spreads[best // tf.size(rows)]


def ink_slope(ink) -> tf.Tensor:
    """Measure by how many rows a line sinks from column to column: least squares of the ink's middle, twice.

    Args:
        ink: Float32 `[W, H]`, from `even_ink`.

    Returns:
        Float32 `[]`; 0 where ink is too short to tell a slope from its letters, or almost level.
    """
    width, height = (tf.cast(n, tf.float32) for n in tf.unstack(tf.shape(ink)))
    x = (tf.range(width) + 0.5)[:, tf.newaxis]
    y = (tf.range(height) + 0.5)[tf.newaxis]
    weights = ink
    for _ in range(SLOPE_FITS):
        total = tf.maximum(tf.reduce_sum(weights), 1e-6)
        middle_x = tf.reduce_sum(x * weights) / total
        middle_y = tf.reduce_sum(y * weights) / total
        moment = tf.reduce_sum((x - middle_x) ** 2 * weights)
        slope = tf.math.divide_no_nan(tf.reduce_sum((x - middle_x) * (y - middle_y) * weights), moment)
        distances = y - middle_y - slope * (x - middle_x)
        spread = tf.sqrt(tf.reduce_sum(distances**2 * weights) / total)
        weights = tf.where(tf.abs(distances) < SLOPE_REACH * spread, ink, 0.0)
    length = tf.sqrt(12.0 * moment / total)  # of ink that is spread evenly
    is_sure = (length > SHORTEST_SLOPE * spread) & (tf.abs(slope) >= LEVEL)
    return tf.where(is_sure, tf.clip_by_value(slope, -STEEPEST, STEEPEST), 0.0)
