"""A stream's chunks equal the loop: rows of any length, whatever stands behind their frames, and rows that end."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS
from seqapp.rnn.execution.stream import FEW_FRAMES, can_stream

UNITS, NUM_FEATURES = 4, 3
LENGTHS = np.array([0, 1, 5, FEW_FRAMES + 6])  # of the rows of a batch
LINEAR = [name for name, make_cell in CELLS.items() if make_cell(1).is_linear]


def make_layer(name):
    layer = Recurrent(CELLS[name](UNITS, dtype="float64"), return_state=True)
    layer.build((None, None, NUM_FEATURES))
    rng = np.random.default_rng(0)
    layer.set_weights([weight + 0.3 * rng.normal(size=weight.shape) for weight in layer.get_weights()])
    return layer


def problem(layer, num_frames):
    """Inputs with numbers of no meaning behind the frames of each row, its length, and a state."""
    rng = np.random.default_rng(num_frames)
    inputs = rng.normal(size=(len(LENGTHS), num_frames, NUM_FEATURES))
    lengths = np.minimum(LENGTHS, num_frames).astype(np.int32)
    inputs[np.arange(num_frames) >= lengths[:, np.newaxis]] = 1e3
    state = [tf.constant(rng.normal(size=(len(LENGTHS), size))) for size in layer.cell.state_size]
    return tf.constant(inputs), lengths, state


def by_loop(layer, inputs, lengths, state):
    reference = Recurrent(layer.cell, "loop", return_state=True)
    outputs, *state = reference(inputs, initial_state=state, mask=tf.sequence_mask(lengths, inputs.shape[1]))
    return outputs, state


def assert_equals_loop(layer, step, num_frames):
    inputs, lengths, state = problem(layer, num_frames)
    final = np.array([False, False, True, False])
    outputs, after = step(inputs, lengths, final, state)
    expected, expected_after = by_loop(layer, inputs, lengths, state)
    valid = np.arange(num_frames) < lengths[:, np.newaxis]
    np.testing.assert_allclose(outputs.numpy()[valid], expected.numpy()[valid], rtol=1e-9, atol=1e-12)
    assert np.isfinite(outputs).all()
    for received, other in zip(after, expected_after, strict=True):
        np.testing.assert_allclose(received, np.where(final[:, np.newaxis], 0, other), rtol=1e-9, atol=1e-12)


def traced(layer, num_frames):
    """The step as a function of chunks of a known number of frames; None: of any."""
    specs = [
        tf.TensorSpec([None, num_frames, NUM_FEATURES], tf.float64), tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], tf.bool), [tf.TensorSpec([None, size], tf.float64) for size in layer.cell.state_size],
    ]  # fmt: skip
    return tf.function(layer.stream_step, input_signature=specs, autograph=False)


@pytest.mark.parametrize("name", LINEAR)
def test_chunks_of_any_length_equal_the_loop(name):
    layer = make_layer(name)
    step = traced(layer, None)
    for num_frames in (0, 1, 2, FEW_FRAMES, FEW_FRAMES + 1, FEW_FRAMES + 10):
        assert_equals_loop(layer, step, num_frames)


@pytest.mark.parametrize("name", CELLS)
def test_one_known_frame_equals_the_loop_for_every_cell(name):
    layer = make_layer(name)
    assert_equals_loop(layer, traced(layer, 1), 1)


@pytest.mark.parametrize("num_frames", [0, 2, 3, FEW_FRAMES, FEW_FRAMES + 10])
def test_a_known_number_of_frames_equals_the_loop(num_frames):
    layer = make_layer("min_gru")
    assert_equals_loop(layer, traced(layer, num_frames), num_frames)


def test_other_cells_and_executions_run_as_they_do_elsewhere():
    for layer in (make_layer("lstm"), Recurrent(make_layer("min_gru").cell, "loop", return_state=True)):
        assert_equals_loop(layer, traced(layer, None), 5)
    assert not can_stream(make_layer("lstm").cell, None)


def test_one_frame_of_one_row_masks_nothing_but_states():
    layer = make_layer("min_gru")
    graph = traced(layer, 1).get_concrete_function().graph
    assert "SelectV2" not in {operation.type for operation in graph.get_operations()}
    assert "While" not in {operation.type for operation in graph.get_operations()}
