"""Data augmentation of line images: random distortions of shape, strokes, tone and sharpness; noise, erasures, masks.

Everything is drawn from one stateless seed, so an example is distorted alike wherever and whenever it is computed.
"""

import math

import tensorflow as tf

from seqapp.features.image.warp import displacements, resample
from seqapp.features.random_draws import mask_spans, sometimes, uniform

SALT = 0x1A6E  # keeps these draws apart from others that were given the same seed
MASK_SALT = 0x3A5C  # and those of masks apart from these


def augment_image(features, seed, config) -> tf.Tensor:
    """Distort one line in the order of nature: the hand (shape), the pen (strokes), the paper, the scanner; then mask it.

    Args:
        features: Float32 `[T, F]` of darkness, from `seqapp.features.image.line_image`.
        seed: Int `[2]`, as for `tf.random.stateless_uniform`; equal seeds give equal lines. Every distortion has a seed
            of its own: switching one off leaves the others as they were.
        config: `seqapp.recipe.ImageAugmentationConfig`. Fields at zero do nothing; all zero is the identity.

    Returns:
        Float32 `[T', F]`; T' is T times the drawn scale of x, 1 at least unless T is 0.
    """
    shape, warp, stroke, tone, blur, grain, erasure = tf.unstack(tf.random.split(tf.random.fold_in(seed, SALT), 7))
    image = reshape_letters(features, shape, warp, config)
    image = sometimes(change_strokes, image, config.stroke_probability, stroke)
    if config.contrast:
        image = tf.pow(tf.maximum(image, 1e-6), tf.exp(uniform(tone, [], config.contrast)))
    image = sometimes(blur_image, image, config.blur_probability, blur)
    if config.erasures:
        image *= 1.0 - erasures(image, erasure, config.erasures, config.erasure_size)
    if config.noise:
        size, deviation = tf.unstack(tf.random.split(grain, 2))
        amount = tf.random.stateless_uniform([], size, 0.0, config.noise)
        image += amount * tf.random.stateless_normal(tf.shape(image), deviation)
    image = mask_spans(image, tf.random.fold_in(seed, MASK_SALT), config.mask_share, config.mask_frames)
    return tf.ensure_shape(image, [None, features.shape[1]])


def reshape_letters(image, seed, warp_seed, config) -> tf.Tensor:
    """Scale, slant, turn, shift and warp a line in one resampling: each one blurs a little.

    Args:
        image: Float32 `[T, F]`.
        seed: Int `[2]`.
        warp_seed: Int `[2]`.
        config: Its fields scale, shear, rotation_deg, shift, warp, warp_length.

    Returns:
        Float32 `[T', F]`.
    """
    draws = uniform(seed, [5], 1.0)
    size = tf.exp(config.scale * draws[:2])
    angle = math.radians(config.rotation_deg) * draws[2]
    slant = config.shear * draws[3]
    shift = config.shift * draws[4]
    length, height = (tf.cast(n, tf.float32) for n in tf.unstack(tf.shape(image)))
    new_length = tf.cast(tf.math.ceil(length * size[0]), tf.int32)
    x = (tf.range(tf.cast(new_length, tf.float32)) + 0.5 - tf.cast(new_length, tf.float32) / 2)[:, tf.newaxis]
    y = (tf.range(height) + 0.5 - height / 2)[tf.newaxis]
    # Long lines turn less: at full angle their ends would leave the frame.
    tilt = tf.tan(angle) * tf.minimum(1.0, 8.0 * height / tf.maximum(length, 1.0))
    from_x = (x + slant * y) / size[0] + length / 2
    from_y = (y + tilt * x - shift) / size[1] + height / 2
    if config.warp:
        moves = config.warp * displacements(new_length, tf.shape(image)[1], warp_seed, config.warp_length)
        from_x = from_x + moves[:, :, 0]
        from_y = from_y + moves[:, :, 1]
    return resample(image, from_x, from_y)


def change_strokes(image, seed) -> tf.Tensor:
    """Make strokes up to a pixel thicker or thinner: mix in the darkest, or the palest, of each pixel's nine."""
    amount = uniform(seed, [], 1.0)
    batch = image[tf.newaxis, :, :, tf.newaxis]
    thick = tf.nn.max_pool2d(batch, 3, 1, "SAME")
    # A whole pixel would wash thin strokes out.
    thin = -tf.nn.max_pool2d(-batch, [3, 1], 1, "SAME")
    changed = tf.where(amount > 0, 0.8 * amount * thick, -0.6 * amount * thin)[0, :, :, 0]
    return changed + (1.0 - tf.where(amount > 0, 0.8 * amount, -0.6 * amount)) * image


def blur_image(image, seed) -> tf.Tensor:
    """Mix an image with the mean of each pixel's nine, in a random share."""
    share = tf.random.stateless_uniform([], seed)
    return (1.0 - share) * image + share * tf.nn.avg_pool2d(image[tf.newaxis, :, :, tf.newaxis], 3, 1, "SAME")[
        0, :, :, 0
    ]


def erasures(image, seed, count: int, longest: float) -> tf.Tensor:
    """Draw spots, float32 `[T, F]` of 0 and 1: up to `count` rectangles for every 10 heights of length."""
    length, height = (tf.cast(n, tf.float32) for n in tf.unstack(tf.shape(image)))
    most = tf.cast(tf.math.ceil(count * length / (10.0 * height)), tf.int32)
    draws = tf.random.stateless_uniform([5, most], seed)
    size = longest * draws[:2]
    is_drawn = tf.cast(draws[4] < 0.5, tf.float32)

    def spans(extent, place, size):
        start = place * extent - size / 2
        middle = (tf.range(extent) + 0.5)[:, tf.newaxis]
        return tf.cast((middle >= start) & (middle < start + size), tf.float32)

    across = spans(length, draws[2], size[0]) * is_drawn
    return tf.minimum(tf.matmul(across, spans(height, draws[3], size[1]), transpose_b=True), 1.0)
