"""Line image features: columns of darkness; contrast, letter size and height made alike, the aspect kept."""

import tensorflow as tf

from seqapp.features.image.line_extent import darkness, ink_extent

RIGHT_TO_LEFT = "right_to_left"


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
    ink = darkness(columns[::-1] if config.direction == RIGHT_TO_LEFT else columns)
    return framed(ink, *_frame(ink, config.height, config.extent), config.height)


def frame_scale(columns, height: int, extent: float) -> tf.Tensor:
    """Return frames per column, float32 `[]`: the scale at which `line_features` and `corpus_columns` read a line.

    Args:
        columns: Float32 `[W, H]`, as above.
        height: Rows of the result.
        extent: Half of these rows, in spreads of the ink.
    """
    return _frame(darkness(columns), height, extent)[0]


def corpus_columns(columns, height: int, extent: float) -> tf.Tensor:
    """Scale a line as corpora keep it, the twin of `datasets.image.line_height` for images that come as files.

    Args:
        columns: Float32 `[W, H]` in [0, 1], 1 white, W and H above 0.
        height: Rows that corpora keep.
        extent: Half of these rows, in spreads of the ink.

    Returns:
        Float32 `[W', height]`: contrast made equal already, which changes nothing that is read from it.
    """
    ink = darkness(columns)
    return 1.0 - framed(ink, *_frame(ink, height, extent), height)


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


def _frame(ink, height, extent):
    """Return scale and shift: the middle of the ink in the middle row, and `extent` of its spreads above it."""
    middle, spread = ink_extent(ink)
    scale = height / (2.0 * extent * spread)
    return scale, height / 2.0 - scale * middle


def to_float(columns) -> tf.Tensor:
    """Convert grey to float: uint8 becomes float32 in [0, 1], floats stay as they are."""
    columns = tf.convert_to_tensor(columns)
    return tf.cast(columns, tf.float32) / 255.0 if columns.dtype == tf.uint8 else tf.cast(columns, tf.float32)
