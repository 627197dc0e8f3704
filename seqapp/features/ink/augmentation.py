"""Data augmentation of pen ink: random distortions of strokes, shape and time, and spans of the path blotted out.

Everything is drawn from one stateless seed, so an example is distorted alike wherever and whenever it is computed.
"""

import math

import tensorflow as tf

from seqapp.features.ink.normalization import ink_height
from seqapp.features.ink.strokes import find_strokes, segment_vectors
from seqapp.features.random_draws import mask_spans, uniform

SALT = 0x3A5C  # keeps the draws of masks apart from those of the distortions, which have the same seed
TREMOR_LENGTH = 0.1  # ink heights of path between independent displacements: two resampled steps
WARP_LENGTHS = (4.0, 12.0)  # shortest and longest wave of the baseline, in ink heights


def augment(points, seed, config) -> tf.Tensor:
    """Distort one ink: drop strokes, tremble, warp, then scale, slant and turn it, and stretch time.

    Args:
        points: Float32 `[N, 4]`, columns (x, y growing down, time in s, pen_up).
        seed: Int `[2]`, as for `tf.random.stateless_uniform`; equal seeds give equal inks. Every distortion has a seed
            of its own: switching one off leaves the others as they were.
        config: `seqapp.recipe.AugmentationConfig`. Fields at zero do nothing; all zero is the identity. `join_words` is
            not read here: see `seqapp.features.ink.joining`.

    Returns:
        Float32 `[M, 4]`, M = N unless strokes are dropped; at least one stroke stays.
    """
    points = tf.ensure_shape(points, [None, 4])
    drop_seed, tremor_seed, warp_seed, shape_seed, time_seed = tf.unstack(tf.random.split(seed, 5))
    if config.drop:
        points = drop_strokes(points, drop_seed, config.drop)
    if config.noise:
        points = tremble(points, tremor_seed, config.noise)
    if config.warp:
        points = warp_baseline(points, warp_seed, config.warp)
    if config.scale or config.shear or config.rotation_deg:
        points = reshape_letters(points, shape_seed, config.scale, config.shear, config.rotation_deg)
    if config.time_stretch:
        factor = tf.exp(uniform(time_seed, [1], config.time_stretch)[0])
        points = points * tf.stack([1.0, 1.0, factor, 1.0])
    return tf.ensure_shape(points, [None, 4])


def mask_path(features, seed, config) -> tf.Tensor:
    """Blot out spans of a written line: `seqapp.features.random_draws.mask_spans`.

    Args:
        features: Float32 `[T, F]`. T may be 0 or unknown.
        seed: Int `[2]`, as for `tf.random.stateless_uniform`.
        config: `seqapp.recipe.AugmentationConfig`: `mask_share` and `mask_frames`.

    Returns:
        Float32 `[T, F]`, zeros in the spans.
    """
    return mask_spans(features, tf.random.fold_in(seed, SALT), config.mask_share, config.mask_frames)


def drop_strokes(points, seed, probability: float) -> tf.Tensor:
    """Leave out each stroke with `probability`; an ink that would lose all keeps all. Time starts at 0 again."""
    strokes = find_strokes(points[:, 3])
    stays = tf.random.stateless_uniform([strokes.count], seed) >= probability
    stays = tf.logical_or(stays, tf.logical_not(tf.reduce_any(stays)))
    points = tf.boolean_mask(points, tf.gather(stays, strokes.ids))
    return points - tf.reduce_sum(points[:1], axis=0) * tf.constant([0.0, 0.0, 1.0, 0.0])


def tremble(points, seed, deviation: float) -> tf.Tensor:
    """Move every point by smooth noise with this standard deviation in ink heights, in x and in y.

    White noise would depend on the sampling rate and vanish or grow in resampling. So independent displacements stand
    every 0.1 heights along the pen's path, and points between two of them take a mixture of the same variance.
    """
    strokes = find_strokes(points[:, 3])
    positions = tf.cast(points[:, :2] - points[:1, :2], tf.float64)
    height = ink_height(positions, strokes, "spread")
    steps = tf.norm(segment_vectors(positions, strokes), axis=1) / (height * TREMOR_LENGTH)
    # The gap of one between strokes keeps their noise independent.
    place = tf.cumsum(steps, exclusive=True) + tf.cast(strokes.ids, tf.float64)
    left = tf.cast(tf.floor(place), tf.int32)
    count = tf.reduce_max(tf.concat([[0], left], axis=0)) + 2
    noise = tf.random.stateless_normal([count, 2], seed, dtype=tf.float64)
    share = (place - tf.floor(place))[:, tf.newaxis]
    mixture = (1 - share) * tf.gather(noise, left) + share * tf.gather(noise, left + 1)
    mixture /= tf.sqrt((1 - share) ** 2 + share**2)
    return _move(points, tf.cast(mixture * height * deviation, tf.float32))


def warp_baseline(points, seed, amplitude: float) -> tf.Tensor:
    """Add a slow sine along x to y, of U(-, +) `amplitude` ink heights, random wavelength and phase."""
    positions = tf.cast(points[:, :2] - points[:1, :2], tf.float64)
    height = tf.cast(ink_height(positions, find_strokes(points[:, 3]), "spread"), tf.float32)
    size, length, phase = tf.unstack(tf.random.stateless_uniform([3], seed))
    shortest, longest = WARP_LENGTHS
    wavelength = (shortest + (longest - shortest) * length) * height
    wave = tf.sin(2 * math.pi * (tf.cast(positions[:, 0], tf.float32) / wavelength + phase))
    shift = (2 * size - 1) * amplitude * height * wave
    return _move(points, tf.stack([tf.zeros_like(shift), shift], axis=1))


def reshape_letters(points, seed, scale: float, shear: float, rotation_deg: float) -> tf.Tensor:
    """Scale x and y apart, slant and turn the ink about its first point.

    Args:
        points: Float32 `[N, 4]`.
        seed: Int `[2]`.
        scale: Both axes are multiplied by exp(U(-scale, scale)), each by its own draw.
        shear: Then x += U(-shear, shear) y.
        rotation_deg: Then a rotation by U(-, +) of it.

    Returns:
        Float32 `[N, 4]`.
    """
    draws = uniform(seed, [4], 1.0)
    size = tf.exp(scale * draws[:2])
    slant = shear * draws[2]
    angle = math.radians(rotation_deg) * draws[3]
    cos = tf.cos(angle)
    sin = tf.sin(angle)
    # Rows: where (1, 0) and (0, 1) go.
    matrix = tf.stack([[1.0, 0.0], tf.stack([slant, 1.0])]) * size[:, tf.newaxis]
    matrix @= tf.stack([tf.stack([cos, sin]), tf.stack([-sin, cos])])
    start = points[:1, :2]
    return tf.concat([(points[:, :2] - start) @ matrix + start, points[:, 2:]], axis=1)


def _move(points, shift):
    """Add `shift` float32 `[N, 2]` to x and y."""
    return tf.concat([points[:, :2] + shift, points[:, 2:]], axis=1)
