"""Unrolling writes out T steps, and says so where it does not know T.

That it equals the loop is a law, checked by tests/contracts.py.
"""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import MinGRUCell, SimpleCell


def traced(num_frames):
    layer = Recurrent(SimpleCell(3), "unrolled")
    return tf.function(layer.__call__, input_signature=[tf.TensorSpec([None, num_frames, 2])])


def test_unknown_number_of_frames_names_the_way_out():
    with pytest.raises(ValueError, match=r"unrolled.*known number of frames.*\(None, None, 3\).*execution='loop'"):
        traced(None).get_concrete_function()


@pytest.mark.parametrize("num_frames", [1, 7])
def test_the_graph_holds_one_step_a_frame_and_no_loop(num_frames):
    graph = traced(num_frames).get_concrete_function().graph
    kinds = [op.type for op in graph.get_operations()]
    assert kinds.count("Tanh") == num_frames
    assert not {"While", "StatelessWhile"} & set(kinds)


@pytest.mark.parametrize("execution", ["unrolled", "auto"])
@pytest.mark.parametrize("make_cell", [SimpleCell, MinGRUCell])
def test_no_frame_at_all_has_gradients_of_zero(make_cell, execution):
    layer = Recurrent(make_cell(3), execution, return_state=True)
    inputs, state = tf.zeros([2, 0, 2]), [tf.ones([2, 3])]
    layer.build(inputs.shape)
    with tf.GradientTape() as tape:
        tape.watch([inputs, *state])
        outputs, final = layer(inputs, initial_state=state, training=True)
        loss = tf.reduce_sum(outputs) + tf.reduce_sum(final)
    of_inputs, of_state, *of_weights = tape.gradient(
        loss, [inputs, *state, *(v.value for v in layer.trainable_variables)]
    )
    assert of_inputs.shape == inputs.shape
    np.testing.assert_array_equal(of_state, tf.ones([2, 3]))
    assert all(not np.any(g) for g in of_weights)
