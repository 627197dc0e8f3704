"""Equations of Keras layers in fewer operations, for forward passes over single rows."""

import keras
import tensorflow as tf

from seqapp.rnn.cells.affine import affine


def normalize(layer: keras.layers.LayerNormalization, x) -> tf.Tensor:
    """Compute what a built `LayerNormalization` of the last axis makes of x `[..., C]`.

    Keras broadcasts the statistics five times, which takes a processor longer than everything else in it.
    """
    compute = tf.as_dtype(layer.compute_dtype)
    dtype = tf.float64 if compute == tf.float64 else tf.float32
    x = tf.cast(tf.cast(x, compute), dtype)
    centred = x - tf.reduce_mean(x, axis=-1, keepdims=True)
    variance = tf.reduce_mean(tf.square(centred), axis=-1, keepdims=True)
    standardized = centred * tf.math.rsqrt(variance + layer.epsilon)
    return tf.cast(standardized * tf.cast(layer.gamma, dtype) + tf.cast(layer.beta, dtype), compute)


def project(layer: keras.layers.Dense, x) -> tf.Tensor:
    """Compute what a built `Dense` without an activation makes of x `[B, T, C]`."""
    return affine(tf.cast(x, layer.compute_dtype), layer.kernel, layer.bias)
