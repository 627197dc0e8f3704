"""Contrast and vertical extent of the ink in a line image: lines of all hands, pens and scanners made alike.

No pixel is called ink or paper for good (no binarisation): grey stays grey.
"""

import tensorflow as tf

INK_NOISE = 25  # levels of 256 below the paper's: less is paper, whose grain and shadows vary
STEP_NOISE = 0.1  # of full contrast: smaller steps from one column to the next are grain
BLANK_SPREAD = 1 / 8  # of the height, where there is no ink: the frame is the image then
SMALLEST_SPREAD = 1 / 40  # of the height: a dash is no reason for a giant
LARGEST_SPREAD = 1 / 3  # of the height: nor is a blot for a dwarf


def darkness(columns) -> tf.Tensor:
    """Normalise the contrast of a line: 0 is its own paper, 1 its own dark strokes.

    Paper is the median level of the line; dark is the level that a tenth of what is clearly darker than paper exceeds.
    Where nothing is, the line is blank, and its grain stays as faint as it is.

    Args:
        columns: Float32 `[W, H]` in [0, 1], 1 white.

    Returns:
        Float32 `[W, H]` in [0, 1].
    """
    levels = _levels(columns)
    paper = _quantile(levels, 0.5)
    ink = tf.where(tf.range(256) < paper - INK_NOISE, levels, 0)
    dark = tf.where(tf.reduce_any(ink > 0), _quantile(ink, 0.1), paper - 255)
    paper = tf.cast(paper, tf.float32) / 255.0
    dark = tf.cast(dark, tf.float32) / 255.0
    return tf.clip_by_value((paper - columns) / (paper - dark), 0.0, 1.0)


def paper_level(columns) -> tf.Tensor:
    """Return the grey of the paper, float32 `[]`: the median of columns `[W, H]` in [0, 1], in steps of 1/255."""
    return tf.cast(_quantile(_levels(columns), 0.5), tf.float32) / 255.0


def ink_extent(ink) -> tuple[tf.Tensor, tf.Tensor]:
    """Measure the middle of the ink and its spread around it, over the rows of a line.

    Ink counts where it changes from column to column: so the strokes of letters count, the ruled lines of the paper and
    slow shadows do not. The spread, a standard deviation, hardly minds whether a line has one ascender or ten.

    Args:
        ink: Float32 `[W, H]`, from `darkness`.

    Returns:
        Middle and spread, float32 `[]`, in rows.
    """
    height = tf.cast(tf.shape(ink)[1], tf.float32)
    steps = tf.reduce_sum(tf.maximum(tf.abs(ink[1:] - ink[:-1]) - STEP_NOISE, 0.0), axis=0)
    total = tf.reduce_sum(steps)
    rows = tf.range(height) + 0.5
    middle = tf.math.divide_no_nan(tf.reduce_sum(rows * steps), total)
    spread = tf.sqrt(tf.math.divide_no_nan(tf.reduce_sum((rows - middle) ** 2 * steps), total))
    spread = tf.clip_by_value(spread, height * SMALLEST_SPREAD, height * LARGEST_SPREAD)
    blank = total <= 0.0
    return tf.where(blank, height / 2, middle), tf.where(blank, height * BLANK_SPREAD, spread)


def _levels(columns):
    return tf.math.bincount(tf.cast(tf.round(255.0 * tf.reshape(columns, [-1])), tf.int32), minlength=256)[:256]


def _quantile(counts, share):
    """Return the level, int32 `[]`, that this share of the counted pixels does not exceed."""
    cumulative = tf.cumsum(tf.cast(counts, tf.float32))
    return tf.cast(tf.searchsorted(cumulative, share * cumulative[-1:])[0], tf.int32)
