"""Line image features: columns of darkness; contrast, letter size and height made alike, the aspect kept."""

import tensorflow as tf

from seqapp.features.image.dark_frame import without_frame
from seqapp.features.image.even_extent import even_extent, ink_slope, ink_steps
from seqapp.features.image.even_ink import even_ink, is_negative, paper_along, without_specks
from seqapp.features.image.line_extent import SMALLEST_SPREAD, darkness, ink_extent, paper_level
from seqapp.features.image.warp import resample

RIGHT_TO_LEFT = "right_to_left"
EVEN = "even"
CORPUS_CENTRE = 0.2  # heights: columns come with the line in their middle ...
CORPUS_SMALLEST = 1 / 20  # of the height, a spread: ... and with an eighth, unless all around it was taken for ink
LARGEST_SCALE = 4  # of small pictures, for measuring
SMALL_INK = 1 / 16  # of the height, a spread: what is measured again, closer
AROUND = 6.0  # spreads from the middle, that are looked at then
ALIKE = 0.12  # logarithms of spreads, in which `ink_extent` is as good: so clean lines stay as they always were
ALIKE_MIDDLE = 0.25  # spreads, likewise
SHARPENED_FROM, WIDEST_SHARPENING = 1.6, 6.0  # scales: of small pictures, and the most that are made up for


def line_features(columns, config) -> tf.Tensor:
    """Compute the features of one line, a sequence of its columns.

    Args:
        columns: Float32 `[W, H]` in [0, 1], 1 white: an image's columns from left to right, each from top to bottom, of
            any height. W and H may be unknown; H > 0.
        config: `seqapp.recipe.LineImageConfig`.

    Returns:
        Float32 `[T, config.height]`: 0 is paper and 1 is dark. T is W times the scale at which the ink's spread becomes
        height / (2 * extent), rounded up. Time runs as the line is read: where config.direction is "right_to_left",
        the frames are those of the mirrored image.
    """
    columns = columns[::-1] if config.direction == RIGHT_TO_LEFT else columns
    ink, middle, spread = _measured(columns, config.kind)
    return framed(ink, *_frame(middle, spread, config.height, config.extent), config.height)


def frame_scale(columns, config) -> tf.Tensor:
    """Return frames per column, float32 `[]`: the scale at which `line_features` reads a line.

    Args:
        columns: Float32 `[W, H]`, as above.
        config: `seqapp.recipe.LineImageConfig`.
    """
    _, middle, spread = _measured(columns, config.kind)
    return _frame(middle, spread, config.height, config.extent)[0]


def corpus_columns(columns, height: int, extent: float) -> tf.Tensor:
    """Scale a line as corpora keep it, the twin of `datasets.image.line_height` for images that come as files.

    Args:
        columns: Float32 `[W, H]` in [0, 1], 1 white, W and H above 0; a negative is turned, a slope straightened.
        height: Rows that corpora keep.
        extent: Half of these rows, in spreads of the ink.

    Returns:
        Float32 `[W', height]`, contrast as it was; small pictures are sharpened, for their pixels blur what is fine.
    """
    columns = without_specks(columns)
    columns = without_frame(_turned(columns, is_negative(_small(columns, height))))
    slope = ink_slope(even_ink(_small(columns, height))[0])  # width and height are scaled alike, but for a rounding
    columns = tf.cond(slope == 0.0, lambda: columns, lambda: _sheared(columns, slope))
    middle, spread = _extent_of_picture(columns, height)
    columns, above = _extended(columns, middle, extent * spread, height)
    paper = paper_level(columns)
    scale, shift = _frame(middle + above, spread, height, extent)
    ink = framed(paper - columns, scale, shift, height)
    ink = tf.cond(scale > SHARPENED_FROM, lambda: _sharpened(ink, tf.minimum(scale, WIDEST_SHARPENING)), lambda: ink)
    return tf.clip_by_value(paper - ink, 0.0, 1.0)


def framed(ink, scale, shift, height: int) -> tf.Tensor:
    """Scale an image about its origin, move it down and cut it to a height; beyond its edges is 0: paper.

    Args:
        ink: Float32 `[W, H]`.
        scale: Float32 `[]`.
        shift: Float32 `[]`, in rows of the result.
        height: Rows of the result.

    Returns:
        Float32 `[ceil(scale * W), height]`, smoothed where it shrinks.
    """
    width = tf.shape(ink)[0]
    num_frames = tf.cast(tf.math.ceil(scale * tf.cast(width, tf.float32)), tf.int32)
    ink = tf.pad(ink, [[0, tf.cast(width == 0, tf.int32)], [0, 0]])  # TensorFlow cannot scale nothing
    scaled = tf.raw_ops.ScaleAndTranslate(
        images=ink[tf.newaxis, :, :, tf.newaxis],
        size=tf.stack([tf.maximum(num_frames, 1), height]),
        scale=tf.stack([scale, scale]),
        translation=tf.stack([0.0, shift]),
        kernel_type="triangle",
        antialias=True,
    )
    return tf.ensure_shape(scaled[0, :num_frames, :, 0], [None, height])


def _measured(columns, kind):
    """Return darkness `[W, H]`, and middle and spread of its ink."""
    if kind != EVEN:
        ink = darkness(columns)
        return ink, *ink_extent(ink)
    width = tf.shape(columns)[0]
    columns = tf.pad(columns, [[0, tf.cast(width == 0, tf.int32)], [0, 0]], constant_values=1.0)
    ink, grain = even_ink(_turned(columns, is_negative(columns)))
    return ink[:width], *even_extent(ink_steps(ink, grain), CORPUS_CENTRE, CORPUS_SMALLEST)


def _sharpened(ink, deviation):
    """Add to `ink` `[W, H]` what a Gaussian of a standard deviation in pixels takes from it (an unsharp mask)."""
    reach = tf.math.ceil(3.0 * deviation)
    weights = tf.exp(-0.5 * (tf.range(-reach, reach + 1.0) / deviation) ** 2)
    weights = tf.reshape(weights / tf.reduce_sum(weights), [-1, 1, 1, 1])
    blurred = tf.nn.conv2d(ink[tf.newaxis, :, :, tf.newaxis], weights, 1, "SAME")
    blurred = tf.nn.conv2d(blurred, tf.transpose(weights, [1, 0, 2, 3]), 1, "SAME")
    return tf.ensure_shape(2.0 * ink - blurred[0, :, :, 0], ink.shape)


def _turned(columns, is_turned):
    """Turn a negative: 1 - columns or columns."""
    return tf.abs(tf.cast(is_turned, tf.float32) - columns)


def _frame(middle, spread, height, extent):
    """Return scale and shift: the middle of the ink in the middle row, and `extent` of its spreads above it."""
    scale = height / (2.0 * extent * spread)
    return scale, height / 2.0 - scale * middle


def _extended(columns, middle, reach, height):
    """Put local paper above and below, so that `reach` around the middle is within, and return the rows above."""
    rows = tf.cast(tf.shape(columns)[1], tf.float32)
    above, below = tf.unstack(tf.math.ceil(tf.maximum(tf.stack([reach - middle, middle + reach - rows]), 0.0)))
    paper = paper_along(_small(columns, height))[tf.newaxis, :, :, tf.newaxis]
    paper = tf.image.resize(paper, [tf.shape(columns)[0], 1])[0, :, :, 0]
    margins = [tf.repeat(paper, tf.cast(count, tf.int32), axis=1) for count in (above, below)]
    return tf.concat([margins[0], columns, margins[1]], axis=1), above


def _extent_of_picture(columns, height):
    """Measure middle and spread of the ink in a picture of any height, small ink a second time from near."""
    rows = tf.cast(tf.shape(columns)[1], tf.float32)
    middle, spread = _extent_in_rows(columns, 0, tf.shape(columns)[1], height)
    low = tf.cast(tf.maximum(tf.floor(middle - AROUND * spread), 0.0), tf.int32)
    high = tf.cast(tf.minimum(tf.math.ceil(middle + AROUND * spread), rows), tf.int32)
    middle, spread = tf.cond(
        spread < SMALL_INK * rows, lambda: _extent_in_rows(columns, low, high, height), lambda: (middle, spread)
    )
    usual_middle, usual_spread = ink_extent(darkness(columns))
    is_alike = tf.abs(tf.math.log(spread / usual_spread)) < ALIKE
    is_alike &= tf.abs(middle - usual_middle) < ALIKE_MIDDLE * usual_spread
    return tf.where(is_alike, usual_middle, middle), tf.where(is_alike, usual_spread, spread)


def _extent_in_rows(columns, low, high, height):
    small = _small(columns[:, low:high], height)
    scale = tf.cast(high - low, tf.float32) / tf.cast(tf.shape(small)[1], tf.float32)
    middle, spread = even_extent(ink_steps(*even_ink(small)))
    smallest = SMALLEST_SPREAD * tf.cast(tf.shape(columns)[1], tf.float32)
    return middle * scale + tf.cast(low, tf.float32), tf.maximum(spread * scale, smallest)


def _small(columns, height):
    """Scale to a height, or as far towards it as makes sense."""
    size = tf.cast(tf.shape(columns), tf.float32)
    scale = tf.minimum(height / size[1], LARGEST_SCALE)
    size = tf.maximum(tf.cast(tf.round(scale * size), tf.int32), 1)
    return tf.image.resize(columns[..., tf.newaxis], size, antialias=True)[..., 0]


def _sheared(columns, slope):
    """Move columns up or down until a line that sinks by `slope` rows a column is level; paper comes in."""
    width, height = tf.unstack(tf.shape(columns))
    x = (tf.range(tf.cast(width, tf.float32)) + 0.5)[:, tf.newaxis]
    y = (tf.range(tf.cast(height, tf.float32)) + 0.5)[tf.newaxis]
    paper = paper_level(columns)
    return paper - resample(paper - columns, x, y + slope * (x - tf.cast(width, tf.float32) / 2.0))


def to_float(columns) -> tf.Tensor:
    """Convert grey to float: uint8 becomes float32 in [0, 1], floats stay as they are."""
    columns = tf.convert_to_tensor(columns)
    return tf.cast(columns, tf.float32) / 255.0 if columns.dtype == tf.uint8 else tf.cast(columns, tf.float32)
