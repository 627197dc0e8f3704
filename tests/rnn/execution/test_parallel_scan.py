"""The scan equals a loop in NumPy, with first and second derivatives, for any length, at a cost linear in it."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn.cells import LSTMCell
from seqapp.rnn.execution import linear_scan, parallel_scan
from seqapp.rnn.execution.parallel_scan import GPU_LEVELS, chunked_scan

# Around one chunk of 16 frames, around one of chunks, and beyond.
LENGTHS = (0, 1, 15, 16, 17, 255, 256, 257, 600)
SIGNATURE = [*[tf.TensorSpec([None, None, 3], tf.float64)] * 2, tf.TensorSpec([None, 3], tf.float64)]
directions = pytest.mark.parametrize("reverse", [False, True], ids=["forward", "backward"])


@functools.cache
def scan(reverse):
    return tf.function(lambda *arguments: linear_scan(*arguments, reverse), input_signature=SIGNATURE)


def arguments(num_frames, seed=0):
    """Decays around the unit circle on both sides, zeros among them, so that errors neither hide nor explode."""
    rng = np.random.default_rng([seed, num_frames])
    a = rng.uniform(-1.05, 1.05, (2, num_frames, 3)) * (rng.random((2, num_frames, 3)) < 0.95)
    return [a, rng.normal(size=a.shape), rng.normal(size=(2, 3))]


def by_loop(a, b, state, reverse):
    hidden = np.zeros_like(a)
    for t in reversed(range(a.shape[1])) if reverse else range(a.shape[1]):
        hidden[:, t] = state = a[:, t] * state + b[:, t]
    return hidden, state


@directions
@pytest.mark.parametrize("num_frames", LENGTHS)
def test_equals_a_loop_in_numpy(num_frames, reverse):
    given = arguments(num_frames)
    for received, expected in zip(scan(reverse)(*given), by_loop(*given, reverse), strict=True):
        np.testing.assert_allclose(received, expected, rtol=1e-12, atol=1e-12)


@directions
@pytest.mark.parametrize("levels", range(GPU_LEVELS + 1))
def test_any_number_of_levels_gives_the_same(levels, reverse):
    a, b, initial = given = arguments(300)
    received = chunked_scan(*as_tensors(given), reverse, levels)
    np.testing.assert_allclose(received, by_loop(a, b, initial, reverse)[0], rtol=1e-12, atol=1e-12)


@directions
def test_what_a_gpu_would_run_compiles_and_equals_the_loop(monkeypatch, reverse):
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: ["a GPU"])
    given = arguments(40)
    compiled = tf.function(lambda *x: linear_scan(*x, reverse), input_signature=SIGNATURE, jit_compile=True)
    for received, expected in zip(compiled(*given), by_loop(*given, reverse), strict=True):
        np.testing.assert_allclose(received, expected, rtol=1e-12, atol=1e-12)
    loops = [x for x in compiled.get_concrete_function().graph.get_operations() if x.type == "StatelessWhile"]
    assert len(loops) == 1  # that over what GPU_LEVELS leave: one step


def loss_of(hidden, last):
    return tf.reduce_sum(tf.sin(hidden)) + tf.reduce_sum(last**2)


@functools.cache
def loss_and_gradient(reverse):
    """Functions of what a scan is given, in either direction."""
    run = scan(reverse)

    def loss(given):
        return loss_of(*run(*given))

    @tf.function(input_signature=[SIGNATURE])
    def gradient(given):
        with tf.GradientTape() as tape:
            tape.watch(given)
            value = loss(given)
        return tape.gradient(value, given)

    return loss, gradient


def second_derivative(given, direction):
    """Gradient of the slope along a direction; eager, since tracing this takes longer than running it."""
    with tf.GradientTape() as outer:
        outer.watch(given)
        with tf.GradientTape() as inner:
            inner.watch(given)
            value = loss_of(*linear_scan(*given))
        gradient = inner.gradient(value, given)
        slope = sum(tf.reduce_sum(g * d) for g, d in zip(gradient, direction, strict=True))
    return outer.gradient(slope, given)


def as_tensors(arrays):
    return [tf.constant(array) for array in arrays]


def finite_difference(function, given, direction, step=1e-6):
    ahead, behind = (as_tensors(g + sign * step * d for g, d in zip(given, direction)) for sign in (1, -1))
    changes = zip(function(ahead), function(behind), strict=True)
    return [(np.asarray(x) - np.asarray(y)) / (2 * step) for x, y in changes]


@directions
@pytest.mark.parametrize("num_frames", [1, 17, 300])
def test_gradient_equals_finite_differences(num_frames, reverse):
    loss, gradient = loss_and_gradient(reverse)
    given, direction = arguments(num_frames), arguments(num_frames, seed=1)
    slope = sum(float(tf.reduce_sum(g * d)) for g, d in zip(gradient(as_tensors(given)), direction, strict=True))
    np.testing.assert_allclose(slope, finite_difference(lambda x: [loss(x)], given, direction)[0], rtol=1e-6)


@pytest.mark.parametrize("num_frames", [1, 17, 300])
def test_second_derivative_equals_finite_differences_of_the_first(num_frames):
    _, gradient = loss_and_gradient(reverse=False)  # a scan in reverse
    given, direction = arguments(num_frames), arguments(num_frames, seed=1)
    expected = finite_difference(gradient, given, direction)
    for received, change in zip(second_derivative(as_tensors(given), as_tensors(direction)), expected):
        np.testing.assert_allclose(received, change, rtol=1e-5, atol=1e-5)


@directions
def test_derivatives_of_nothing_are_nothing(reverse):
    given = as_tensors(arguments(0))
    *of_frames, of_initial = loss_and_gradient(reverse)[1](given)
    assert all(g.shape == (2, 0, 3) for g in of_frames)
    np.testing.assert_allclose(of_initial, 2 * given[2], err_msg="the state read last is the initial one")


@directions
def test_twenty_thousand_frames_cost_no_more_than_a_few_copies_of_them(reverse):
    num_frames = 20_000
    frames, state = tf.TensorSpec([1, num_frames, 3], tf.float64), tf.TensorSpec([1, 3], tf.float64)

    @tf.function(input_signature=[frames, frames, state])
    def gradient(a, b, initial):
        with tf.GradientTape() as tape:
            tape.watch([a, b, initial])
            hidden, _ = linear_scan(a, b, initial, reverse)
            loss = tf.reduce_sum(hidden**2)
        return hidden, *tape.gradient(loss, [a, b, initial])

    rng = np.random.default_rng(0)
    given = [0.9 * rng.random((1, num_frames, 3)), rng.normal(size=(1, num_frames, 3)), rng.normal(size=(1, 3))]
    hidden, *gradients = gradient(*given)
    np.testing.assert_allclose(hidden, by_loop(*given, reverse)[0], rtol=1e-10, atol=1e-10)
    assert all(np.isfinite(g).all() for g in gradients)
    tensors = [output for op in gradient.get_concrete_function().graph.get_operations() for output in op.outputs]
    sizes = [t.shape.num_elements() or 0 for t in tensors if t.dtype == tf.float64]
    assert max(sizes) <= 3 * (num_frames + 256), "no tensor is larger than its input"
    assert sum(sizes) <= 60 * 3 * num_frames


def test_a_cell_that_is_not_linear_is_refused_with_the_way_out():
    cell = LSTMCell(2)
    with pytest.raises(ValueError, match=r"parallel_scan.*Received: LSTMCell.*[Uu]se execution='loop'"):
        parallel_scan(cell, tf.zeros([1, 3, 8]), tf.ones([1, 3], tf.bool), cell.get_initial_state(1))
