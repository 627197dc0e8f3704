"""The equation, in NumPy; the identity at first; pieces equal the whole."""

import numpy as np
import tensorflow as tf

from seqapp.language.network.look_behind import LookBehind


def layer(tokens=2, channels=3, seed=0):
    built = LookBehind(tokens)
    built.build((None, None, channels))
    return built, np.random.default_rng(seed)


def test_it_is_the_identity_at_first():
    look_behind, rng = layer()
    x = rng.normal(size=(2, 5, 3)).astype(np.float32)
    np.testing.assert_array_equal(look_behind(x, look_behind.initial_state(2))[0], x)


def test_each_channel_adds_a_weighted_sum_of_its_past():
    look_behind, rng = layer()
    x, past = rng.normal(size=(2, 5, 3)).astype(np.float32), rng.normal(size=(2, 2, 3)).astype(np.float32)
    weights = rng.normal(size=look_behind.convolution.kernel.shape).astype(np.float32)
    look_behind.convolution.kernel.assign(weights)
    found, after = look_behind(x, past.reshape(2, -1))
    known = np.concatenate([past, x], axis=1)
    expected = x + sum(weights[j, :, 0] * known[:, j : j + 5] for j in range(3))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_array_equal(tf.reshape(after, [2, 2, 3]), known[:, -2:])


def test_pieces_shorter_than_the_past_equal_the_whole():
    look_behind, rng = layer(tokens=4)
    look_behind.convolution.kernel.assign(rng.normal(size=look_behind.convolution.kernel.shape))
    x = rng.normal(size=(1, 7, 3)).astype(np.float32)
    whole, end = look_behind(x, look_behind.initial_state(1))
    past, pieces = look_behind.initial_state(1), []
    for start, stop in ((0, 1), (1, 3), (3, 7)):
        piece, past = look_behind(x[:, start:stop], past)
        pieces.append(piece)
    np.testing.assert_allclose(tf.concat(pieces, 1), whole, atol=1e-6)
    np.testing.assert_array_equal(past, end)
