"""Image warping: bilinear resampling at displaced places, and smooth random displacements."""

import tensorflow as tf


def resample(image, x, y) -> tf.Tensor:
    """Read an image between its pixels, bilinearly; beyond its edges is paper, 0.

    Args:
        image: Float32 `[T, F]`; the pixel of frame 0 covers x from 0 to 1, that of feature 0 y from 0 to 1.
        x: Float32 `[M, N]` or what broadcasts to it.
        y: Float32, likewise.

    Returns:
        Float32 `[M, N]`.
    """
    frames, height = tf.unstack(tf.shape(image))
    padded = tf.pad(image, [[1, 1], [1, 1]])  # paper, and neighbours of the outermost pixels
    x = tf.clip_by_value(x + 0.5, 0.0, tf.cast(frames, tf.float32) + 0.999)
    y = tf.clip_by_value(y + 0.5, 0.0, tf.cast(height, tf.float32) + 0.999)
    left = tf.floor(x)
    top = tf.floor(y)
    place = tf.cast(left, tf.int32) * (height + 2) + tf.cast(top, tf.int32)
    x = x - left
    y = y - top
    flat = tf.reshape(padded, [-1])
    above = (1 - y) * tf.gather(flat, place) + y * tf.gather(flat, place + 1)
    place += height + 2
    return (1 - x) * above + x * ((1 - y) * tf.gather(flat, place) + y * tf.gather(flat, place + 1))


def displacements(frames, height, seed, length: float) -> tf.Tensor:
    """Draw smooth random fields: normal values on a coarse grid, bent into curves between.

    Args:
        frames: Int32 `[]`.
        height: Int32 `[]`.
        seed: Int `[2]`.
        length: Float, pixels from one grid point to the next.

    Returns:
        Float32 `[frames, height, 2]`, of deviation 1 at most.
    """
    size = tf.stack([tf.maximum(frames, 1), height])  # TensorFlow cannot resize to nothing
    grid = tf.cast(tf.math.ceil(tf.cast(size, tf.float32) / length), tf.int32) + 1
    values = tf.random.stateless_normal([grid[0], grid[1], 2], seed)
    return tf.image.resize(values, size, "bicubic")[:frames]
