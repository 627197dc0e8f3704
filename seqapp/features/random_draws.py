"""Stateless random draws of training augmentation: numbers, spans, and distortions applied with a probability."""

import math
from collections.abc import Callable

import tensorflow as tf


def uniform(seed, shape, bound: float) -> tf.Tensor:
    """Draw uniformly from [-bound, bound).

    Args:
        seed: Int `[2]`, as for `tf.random.stateless_uniform`.
        shape: Of the result.
        bound: Largest absolute value.

    Returns:
        Float32 of that shape.
    """
    return tf.random.stateless_uniform(shape, seed, -bound, bound)


def between(seed, bounds: tuple[float, float]) -> tf.Tensor:
    """Draw one value, float32 `[]`, uniformly from (low, high)."""
    return tf.random.stateless_uniform([], seed, *bounds)


def factor_between(seed, bounds: tuple[float, float]) -> tf.Tensor:
    """Draw one factor, float32 `[]`, from (low, high), both above 0; its logarithm is uniform."""
    return tf.exp(between(seed, [math.log(bound) for bound in bounds]))


def spans(size, seed, count, longest) -> tf.Tensor:
    """Draw random spans of `size` places, and mark the places in them.

    Args:
        size: Int32 `[]`.
        seed: Int `[2]`.
        count: Int or int32 `[]`, spans; they may overlap.
        longest: Int32 `[]`, at most `size`. Lengths are uniform in 0 ... `longest`, then starts in all places where the
            span fits.

    Returns:
        Bool `[size]`.
    """
    draws = tf.random.stateless_uniform([2, count], seed)
    length = tf.floor(draws[0] * tf.cast(longest + 1, tf.float32))
    start = tf.floor(draws[1] * (tf.cast(size, tf.float32) - length + 1))
    place = tf.range(size, dtype=tf.float32)[:, tf.newaxis]
    return tf.reduce_any(tf.logical_and(place >= start, place < start + length), axis=1)


def mask_spans(features, seed, share: float, longest: int) -> tf.Tensor:
    """Blot out spans of frames, so that a letter is also known by its neighbours: SpecAugment's time masks.

    Args:
        features: Float32 `[T, F]`. T may be 0 or unknown.
        seed: Int `[2]`, as for `tf.random.stateless_uniform`.
        share: Of the frames, masked on the average (less where spans overlap), in [0, 1).
        longest: Frames in a span are 0 to this many.

    Returns:
        Float32 `[T, F]`, zeros in the spans; the features as they are where `share` or `longest` is 0.

    Reference: Park et al. 2019, "SpecAugment: A simple data augmentation method for automatic speech recognition".
    """
    if not share or not longest:
        return features
    count_seed, span_seed = tf.unstack(tf.random.split(seed, 2))
    num_frames = tf.shape(features)[0]
    wanted = 2 * share / longest * tf.cast(num_frames, tf.float32)
    count = tf.cast(tf.floor(wanted + tf.random.stateless_uniform([], count_seed)), tf.int32)
    masked = spans(num_frames, span_seed, count, tf.minimum(num_frames, longest))
    return tf.where(masked[:, tf.newaxis], 0.0, features)


def sometimes(distort: Callable, example, probability: float, seed, *arguments) -> tf.Tensor:
    """Distort an example with a probability.

    Args:
        distort: Function of (example, seed, *arguments) that gives a tensor of the same rank and type.
        example: Tensor.
        probability: In [0, 1]; at 0 nothing is drawn.
        seed: Int `[2]`.
        *arguments: Passed on.

    Returns:
        `distort(example, ...)`, or the example as it is.
    """
    if not probability:
        return example
    draw_seed, seed = tf.unstack(tf.random.split(seed, 2))
    is_drawn = tf.random.stateless_uniform([], draw_seed) < probability
    return tf.cond(is_drawn, lambda: distort(example, seed, *arguments), lambda: example)
