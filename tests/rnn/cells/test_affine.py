"""The affine map of frames is a product and a sum, for any number of frames, with and without a bias."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn.cells.affine import affine

RNG = np.random.default_rng(0)
KERNEL, BIAS = RNG.normal(size=(3, 5)), RNG.normal(size=5)


@pytest.mark.parametrize("shape", [(4, 3), (4, 1, 3), (1, 1, 3), (0, 1, 3), (4, 7, 3), (4, 0, 3), (2, 3, 4, 3)])
@pytest.mark.parametrize("bias", [BIAS, None])
def test_equals_the_product_and_the_bias(shape, bias):
    inputs = RNG.normal(size=shape)
    expected = inputs @ KERNEL + (0 if bias is None else bias)
    outputs = affine(tf.constant(inputs), tf.constant(KERNEL), bias)
    np.testing.assert_allclose(outputs, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("num_frames", [1, 2])
def test_gradients_are_those_of_the_product(num_frames):
    inputs = tf.constant(RNG.normal(size=(4, num_frames, 3)))
    weights = [tf.constant(KERNEL), tf.constant(BIAS)]
    with tf.GradientTape() as tape:
        tape.watch([inputs, *weights])
        loss = tf.reduce_sum(affine(inputs, *weights) ** 2)
    outputs = 2 * (inputs.numpy() @ KERNEL + BIAS)
    expected = outputs @ KERNEL.T, np.einsum("btf,btd->fd", inputs, outputs), outputs.sum((0, 1))
    for received, other in zip(tape.gradient(loss, [inputs, *weights]), expected, strict=True):
        np.testing.assert_allclose(received, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("num_frames", "follows_product"), [(1, False), (2, True), (None, True)])
def test_only_the_bias_of_one_known_frame_stands_apart_from_the_product(num_frames, follows_product):
    specs = [tf.TensorSpec([None, num_frames, 3], tf.float64)]
    graph = tf.function(lambda x: affine(x, KERNEL, BIAS), input_signature=specs).get_concrete_function().graph
    (bias_add,) = [operation for operation in graph.get_operations() if operation.type == "BiasAdd"]
    assert (bias_add.inputs[0].op.type == "MatMul") is follows_product
