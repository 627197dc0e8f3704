"""GELU is Keras's within rounding, with its derivative; other activations are Keras's own."""

import keras
import numpy as np
import tensorflow as tf

from seqapp.models.encoder.activation import activation_function, gelu


def test_gelu_and_its_derivative_are_those_of_keras():
    x = tf.linspace(-12.0, 12.0, 1001)
    received, expected = ([function(x), slope(function, x)] for function in (gelu, keras.activations.gelu))
    np.testing.assert_allclose(received, expected, atol=1e-6)


def slope(function, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x)


def test_only_gelu_is_replaced():
    assert activation_function("gelu") is gelu
    assert activation_function("relu") is keras.activations.relu
    assert activation_function(None) is keras.activations.linear
