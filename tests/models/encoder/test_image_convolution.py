"""Convolutions over frames and rows: those of the whole image, whatever the padding."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.models import Encoder
from seqapp.models.encoder.image_convolution import ImageConvolution
from tests.small_lines import image_recipe

ROWS = 10


def layer(channels_in=2, channels=3, kernel=3, stride=2, row_stride=2):
    keras.utils.set_random_seed(1)
    made = ImageConvolution(channels_in, channels, kernel, stride, row_stride, "gelu")
    made.build((None, None, ROWS * channels_in))
    made.convolution.bias.assign(tf.random.normal([channels], seed=3))
    return made


@pytest.mark.parametrize("stride, row_stride", [(1, 1), (2, 2), (1, 3), (4, 1)])
@pytest.mark.parametrize("frames", [1, 4, 9])
def test_it_is_a_convolution_of_the_image_between_zeros(stride, row_stride, frames):
    made = layer(stride=stride, row_stride=row_stride)
    image = np.random.default_rng(0).normal(size=[2, frames, ROWS, 2]).astype(np.float32)
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1), (0, 0)))
    kernel, bias = (weight.numpy() for weight in (made.convolution.kernel, made.convolution.bias))
    wanted = tf.nn.gelu(tf.nn.conv2d(padded, kernel, [stride, row_stride], "VALID") + bias, approximate=False)
    found = made(image.reshape(2, frames, -1), tf.constant([frames, frames]))
    assert found.shape[1:] == (made.output_length(frames), made.width)
    np.testing.assert_allclose(found, tf.reshape(wanted, found.shape), atol=1e-5)


def encoder():
    keras.utils.set_random_seed(0)
    made = Encoder(image_recipe(image_channels=(3, 4, 4), image_strides=(2, 1, 2), image_row_strides=(2, 2, 2)).encoder)
    made.build((None, None, ROWS))
    for variable in made.trainable_variables:
        variable.assign(variable + tf.random.normal(variable.shape, stddev=0.3, seed=2))
    return made


def test_padding_changes_nothing_and_a_batch_of_many_equals_each_alone():
    made, rng = encoder(), np.random.default_rng(0)
    lengths = np.array([13, 1, 0, 20])
    x = np.full([4, 27, ROWS], np.nan, np.float32)
    for row, length in zip(x, lengths):
        row[:length] = rng.normal(size=[length, ROWS])
    together, out_lengths = made(x, tf.constant(lengths))
    np.testing.assert_array_equal(out_lengths, [made.output_length(int(n)) for n in lengths])
    for row, length, found, out in zip(x, lengths, together, out_lengths):
        alone, _ = made(row[np.newaxis, :length], tf.constant([length]))
        np.testing.assert_allclose(found[:out], alone[0], atol=1e-5)


def test_gradients_of_padded_nan_are_finite():
    made = encoder()
    x = np.full([1, 9, ROWS], np.nan, np.float32)
    x[0, :5] = 0.1
    with tf.GradientTape() as tape:
        outputs, lengths = made(x, tf.constant([5]))
        loss = tf.reduce_sum(tf.where(tf.sequence_mask(lengths, tf.shape(outputs)[1])[..., tf.newaxis], outputs, 0.0))
    gradients = tape.gradient(loss, [v.value for v in made.trainable_variables])
    assert all(np.isfinite(gradient).all() for gradient in gradients)


def test_frames_are_divided_by_all_strides():
    assert encoder().frames_per_output == 4


def test_a_forward_encoder_streams_as_the_whole():
    keras.utils.set_random_seed(0)
    made = Encoder(image_recipe(bidirectional=False).encoder)
    made.build((None, None, ROWS))
    x = np.random.default_rng(0).normal(size=[1, 22, ROWS]).astype(np.float32)
    whole, _ = made(x, tf.constant([22]))
    state, pieces = made.stream_init(1), []
    for start in range(0, 22, 5):
        chunk = x[:, start : start + 5]
        final = tf.constant([start + 5 >= 22])
        piece, lengths, state = made.stream_step(chunk, tf.constant([chunk.shape[1]]), final, state)
        pieces.append(piece[:, : int(lengths[0])])
    np.testing.assert_allclose(tf.concat(pieces, axis=1), whole, atol=1e-5)
