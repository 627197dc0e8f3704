"""Layers of a forward pass equal Keras's, in every precision, without rows and without frames."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.models.encoder.forward_pass import normalize, project

SHAPES = ((2, 5, 8), (0, 5, 8), (2, 0, 8))
policies = pytest.mark.parametrize("policy", ["float32", "float64", "mixed_bfloat16", "mixed_float16"])


def assert_equal(received, expected):
    assert received.dtype == expected.dtype
    rtol = {tf.bfloat16: 2e-2, tf.float16: 2e-3}.get(expected.dtype, 1e-5)
    np.testing.assert_allclose(tf.cast(received, tf.float64), tf.cast(expected, tf.float64), rtol=rtol, atol=rtol)


def drawn(layer):
    layer.build((None, None, 8))
    layer.set_weights([np.random.default_rng(0).normal(size=v.shape) for v in layer.weights])
    return layer


@policies
def test_normalises_as_keras_does(policy):
    layer = drawn(keras.layers.LayerNormalization(dtype=policy))
    for shape in SHAPES:
        inputs = tf.constant(np.random.default_rng(1).normal(3.0, 2.0, shape), tf.float32)
        assert_equal(normalize(layer, inputs), layer(inputs))


@policies
def test_projects_as_keras_does_for_any_size(policy):
    layer = drawn(keras.layers.Dense(3, dtype=policy))
    traced = tf.function(lambda inputs: project(layer, inputs), input_signature=[tf.TensorSpec([None, None, 8])])
    for shape in SHAPES:
        inputs = tf.constant(np.random.default_rng(1).normal(size=shape), tf.float32)
        assert_equal(project(layer, inputs), layer(inputs))
        assert_equal(traced(inputs), layer(inputs))
