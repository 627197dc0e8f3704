"""Unrolling writes out T steps, and says so where it does not know T.

That it equals the loop is a law, checked by tests/contracts.py.
"""

import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import SimpleCell


def traced(num_frames):
    layer = Recurrent(SimpleCell(3), "unrolled")
    return tf.function(layer.__call__, input_signature=[tf.TensorSpec([None, num_frames, 2])])


def test_unknown_number_of_frames_names_the_way_out():
    with pytest.raises(ValueError, match=r"unrolled.*known number of frames.*\(None, None, 3\).*execution='loop'"):
        traced(None).get_concrete_function()


@pytest.mark.parametrize("num_frames", [0, 1, 7])
def test_the_graph_holds_one_step_a_frame_and_no_loop(num_frames):
    graph = traced(num_frames).get_concrete_function().graph
    kinds = [op.type for op in graph.get_operations()]
    assert kinds.count("Tanh") == num_frames
    assert not {"While", "StatelessWhile"} & set(kinds)
