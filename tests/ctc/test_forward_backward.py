"""Our own CTC loss against every path, under XLA, and where other implementations fail.

What holds for every implementation is in test_loss.py.
"""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc.forward_backward import forward_backward_loss
from seqapp.ctc.loss import sparse_loss


def loss_and_gradient(function, logits, logit_length, labels, label_length):
    """Finite losses summed, so that a row without alignment does not hide the others' gradients."""
    logits = tf.constant(logits, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        arguments = (tf.constant(x, tf.int32) for x in (logit_length, labels, label_length))
        loss = function(logits, *arguments)
        total = tf.reduce_sum(tf.where(tf.math.is_finite(loss), loss, 0.0))
    return loss.numpy(), tape.gradient(total, logits).numpy()


def every_path(logits, label):
    """-log of the summed probability of all K^T paths that collapse to `label`, and its gradient."""
    logits = np.asarray(logits, np.float64)
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    num_frames, num_classes = probs.shape
    total, share = 0.0, np.zeros_like(probs)
    for path in itertools.product(range(num_classes), repeat=num_frames):
        merged = [k for k, _ in itertools.groupby(path) if k != num_classes - 1]
        if merged == list(label):
            p = np.prod(probs[np.arange(num_frames), path])
            total += p
            share[np.arange(num_frames), path] += p
    return (-np.log(total), probs - share / total) if total else (np.inf, np.zeros_like(probs))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 1), max_size=4), st.integers(0, 5), st.integers(0, 2**31))
def test_equals_the_sum_over_every_path(label, num_frames, seed):
    logits = np.random.default_rng(seed).normal(scale=2.0, size=(num_frames, 3))
    expected, gradient = every_path(logits, label)
    padded = [*label, *[0] * (4 - len(label))]
    loss, received = loss_and_gradient(forward_backward_loss, logits[None], [num_frames], [padded], [len(label)])
    np.testing.assert_allclose(loss[0], expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(received[0], gradient, atol=1e-5)


def batch(scale=3.0):
    rng = np.random.default_rng(5)
    logits = rng.normal(scale=scale, size=(5, 40, 9))
    return logits, [40, 31, 12, 9, 25], rng.integers(0, 8, (5, 6)), [6, 5, 1, 4, 3]


@pytest.mark.parametrize("jit_compile", [False, True])
def test_equals_the_kernel_of_tensorflow(jit_compile):
    ours = tf.function(forward_backward_loss, jit_compile=jit_compile)
    for received, expected in zip(loss_and_gradient(ours, *batch()), loss_and_gradient(sparse_loss, *batch())):
        np.testing.assert_allclose(received, expected, rtol=1e-5, atol=5e-5)


def test_sharp_logits_stay_finite_and_exact():
    # In float64 by every path; the kernel of TensorFlow gives inf here.
    logits = 100.0 * np.random.default_rng(1).normal(size=(5, 4))
    expected, _ = every_path(logits, [2, 0])
    loss, gradient = loss_and_gradient(forward_backward_loss, logits[None], [5], [[2, 0]], [2])
    np.testing.assert_allclose(loss[0], expected, rtol=1e-4)
    assert np.isfinite(gradient).all()


def test_a_label_that_does_not_fit_is_infinite_and_spoils_nothing():
    logits, logit_length, labels, label_length = batch()
    logit_length = [40, 31, 12, 3, 25]  # row 3: four labels, three frames
    loss, gradient = loss_and_gradient(forward_backward_loss, logits, logit_length, labels, label_length)
    expected, _ = loss_and_gradient(forward_backward_loss, *batch())
    assert np.isinf(loss[3]) and not gradient[3].any()
    np.testing.assert_array_equal(np.delete(loss, 3), np.delete(expected, 3))


def in_float64(logits, label):
    """Loss and gradient of one row by alpha and beta, step by step in float64."""
    log_probs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    symbols = np.full(2 * len(label) + 1, logits.shape[1] - 1)
    symbols[1::2] = label
    may_skip = np.zeros(len(symbols), bool)
    may_skip[3::2] = symbols[3::2] != symbols[1:-2:2]
    emission, none = log_probs[:, symbols], np.full(2, -np.inf)

    def passed(emission, may_skip):
        states, alpha = [], np.where(np.arange(len(symbols)) == 0, 0.0, -np.inf)
        for frame in emission:
            skips = np.where(may_skip, np.r_[none, alpha[:-2]], -np.inf)
            alpha = np.logaddexp(np.logaddexp(alpha, np.r_[none[:1], alpha[:-1]]), skips) + frame
            states.append(alpha)
        return np.array(states)

    # Read backwards, a label is skipped to from the one behind it.
    alpha, beta = passed(emission, may_skip), passed(emission[::-1, ::-1], np.r_[may_skip[2:], False, False][::-1])
    paths = alpha + beta[::-1, ::-1] - emission
    log_p = np.logaddexp.reduce(paths[0])
    return -log_p, np.exp(log_probs) - np.exp(paths - log_p) @ np.eye(logits.shape[1])[symbols]


def test_long_rows_are_exact():
    # Where alpha, beta and p are large numbers of float32, the gradient below is wrong by 5e-3.
    rng = np.random.default_rng(4)
    logits, label = rng.normal(size=(1000, 30)), rng.integers(0, 29, 80)
    expected, gradient = in_float64(logits, label)
    loss, received = loss_and_gradient(forward_backward_loss, logits[None], [1000], [label], [80])
    np.testing.assert_allclose(loss[0], expected, rtol=1e-6)
    np.testing.assert_allclose(received[0], gradient, atol=2e-4)


def test_a_class_ruled_out_by_its_logit_is_exact():
    logits = np.random.default_rng(3).normal(size=(5, 4))
    logits[1:3, 2] = logits[4, 3] = -np.inf
    with np.errstate(divide="ignore"):
        expected, gradient = every_path(logits, [2, 0])
    loss, received = loss_and_gradient(forward_backward_loss, logits[None], [5], [[2, 0]], [2])
    np.testing.assert_allclose(loss[0], expected, rtol=1e-5)
    np.testing.assert_allclose(received[0], gradient, atol=1e-5)


def test_nan_in_a_valid_frame_shows_in_its_row_and_in_no_other():
    logits, *lengths_and_labels = batch()
    expected, gradient = loss_and_gradient(forward_backward_loss, logits, *lengths_and_labels)
    logits[1, 2, 3] = np.nan
    loss, received = loss_and_gradient(forward_backward_loss, logits, *lengths_and_labels)
    np.testing.assert_array_equal(np.isnan(loss), np.arange(5) == 1)
    for row in (0, 2, 3, 4):
        np.testing.assert_array_equal(loss[row], expected[row])
        np.testing.assert_array_equal(received[row], gradient[row])


def test_an_empty_label_costs_its_blanks():
    logits = np.random.default_rng(2).normal(size=(1, 7, 4))
    loss, _ = loss_and_gradient(forward_backward_loss, logits, [7], [[0, 0]], [0])
    blanks = tf.nn.log_softmax(logits)[0, :, -1]
    np.testing.assert_allclose(loss[0], -tf.reduce_sum(blanks), rtol=1e-5)


def test_no_frames_at_all():
    loss, gradient = loss_and_gradient(forward_backward_loss, np.zeros((2, 0, 3)), [0, 0], [[0], [0]], [0, 1])
    assert loss[0] == 0 and np.isinf(loss[1]) and gradient.shape == (2, 0, 3)


def test_known_shapes_after_many_others():
    """TensorFlow relaxes a shape that keeps changing; a graph that knows its own must not stumble over that."""
    for batch_size in (1, 2, 40, 2):
        logits = np.random.default_rng(batch_size).normal(size=(batch_size, 9, 5)).astype(np.float32)
        arguments = [9] * batch_size, [[1, 2]] * batch_size, [2] * batch_size
        traced = tf.function(lambda logits: forward_backward_loss(logits, *arguments))  # noqa: B023
        expected = sparse_loss(logits, *map(tf.constant, arguments))
        np.testing.assert_allclose(traced(tf.constant(logits)), expected, rtol=1e-5)
