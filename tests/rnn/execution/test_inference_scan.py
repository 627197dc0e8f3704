"""The scan of a forward pass equals a loop in NumPy, and has the gradients of `linear_scan`."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn.execution import linear_scan
from seqapp.rnn.execution.inference.scan import all_states
from tests.rnn.execution.test_parallel_scan import LENGTHS, SIGNATURE, arguments, as_tensors, by_loop, directions


@directions
def test_equals_a_loop_in_numpy_for_one_turn_of_chunks_and_for_several(reverse):
    scan = tf.function(lambda *given: all_states(*given, reverse), input_signature=SIGNATURE)
    for num_frames in LENGTHS:
        given = arguments(num_frames)
        np.testing.assert_allclose(scan(*given), by_loop(*given, reverse)[0], rtol=1e-12, atol=1e-12)


@directions
@pytest.mark.parametrize("num_frames", [0, 40, 300])
def test_has_the_gradients_of_the_linear_scan(num_frames, reverse):
    given = as_tensors(arguments(num_frames))
    gradients = []
    for scan in (all_states, lambda *given: linear_scan(*given)[0]):
        with tf.GradientTape() as tape:
            tape.watch(given)
            loss = tf.reduce_sum(tf.sin(scan(*given, reverse)))
        gradients.append(tape.gradient(loss, given))
    for received, expected in zip(*gradients, strict=True):
        np.testing.assert_allclose(received, expected, rtol=1e-9, atol=1e-9)


@directions
def test_compiles(reverse):
    given = as_tensors(arguments(300))
    compiled = tf.function(lambda *given: all_states(*given, reverse), jit_compile=True)
    np.testing.assert_allclose(compiled(*given), by_loop(*arguments(300), reverse)[0], rtol=1e-12, atol=1e-12)
