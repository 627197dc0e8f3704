"""`seqapp.rnn.Bidirectional` has the options of Keras's wrapper.

Checklist: every merge_mode, for sequences or the last outputs; the states of both directions, returned and given; a
backward cell of another kind; masks that are passed on; symbolic shapes; config.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Bidirectional, Recurrent
from seqapp.rnn.cells import GRUCell, LSTMCell, MinGRUCell

UNITS, NUM_FEATURES, NUM_FRAMES = 4, 3, 6
INPUTS = np.random.default_rng(0).normal(size=(3, NUM_FRAMES, NUM_FEATURES)).astype(np.float32)
MASK = np.arange(NUM_FRAMES) < np.array([[6], [2], [0]])
MERGE_MODES = ("concat", "sum", "ave", "mul", None)


def assert_close(received, expected):
    for r, e in zip(tf.nest.flatten(received), tf.nest.flatten(expected), strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("merge_mode", MERGE_MODES)
def test_equals_the_wrapper_of_keras(merge_mode, return_sequences):
    """Outputs, states, masks and symbolic shapes, with cells of two kinds and an initial state."""
    options = {"merge_mode": merge_mode, "return_sequences": return_sequences, "return_state": True}
    ours = Bidirectional(LSTMCell(UNITS), MinGRUCell(UNITS), "loop", **options)
    state = [k * np.ones((3, UNITS), np.float32) for k in range(3)]
    received = ours(INPUTS, mask=MASK, initial_state=state)
    forward, backward = (
        Recurrent(each.cell, "loop", return_sequences, True, each.go_backwards)
        for each in (ours.forward, ours.backward)
    )
    outputs, *forward_state = forward(INPUTS, mask=MASK, initial_state=state[:2])
    mirrored, *backward_state = backward(INPUTS, mask=MASK, initial_state=state[2:])
    mirrored = mirrored[:, ::-1] if return_sequences else mirrored
    merged = {
        "concat": tf.concat([outputs, mirrored], -1), "sum": outputs + mirrored, "ave": (outputs + mirrored) / 2,
        "mul": outputs * mirrored, None: (outputs, mirrored),
    }[merge_mode]  # fmt: skip
    assert_close(received, [merged, forward_state, backward_state])
    symbolic = ours(keras.layers.Masking()(keras.Input((None, NUM_FEATURES))))
    num_outputs = 2 if merge_mode is None else 1
    assert [len(s.shape) for s in symbolic] == [2 + return_sequences] * num_outputs + [2] * 3
    assert [s.shape[-1] for s in symbolic] == [r.shape[-1] for r in received]
    masked = [getattr(s, "_keras_mask", None) is not None for s in symbolic]
    assert masked == [return_sequences] * num_outputs + [False] * 3
    again = Bidirectional.from_config(ours.get_config())
    assert again.get_config() == ours.get_config()


@pytest.mark.parametrize("merge_mode", ["sum", None])
def test_equals_keras_without_states(merge_mode):
    cells = [GRUCell(UNITS), GRUCell(UNITS)]
    ours = Bidirectional(*cells, "loop", merge_mode, return_sequences=False)
    wrapper = keras.layers.Bidirectional(Recurrent(GRUCell(UNITS), "loop", return_sequences=False), merge_mode)
    ours.build(INPUTS.shape)
    wrapper.build(INPUTS.shape)
    wrapper.set_weights(ours.get_weights())
    assert_close(ours(INPUTS, mask=MASK), wrapper(INPUTS, mask=MASK))
    model = keras.Sequential([keras.Input((None, NUM_FEATURES)), ours]) if merge_mode else None
    assert model is None or model.output_shape == (None, UNITS)


def test_wrong_options_are_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"merge_mode must be one of concat.*Received: 'max'"):
        Bidirectional(LSTMCell(2), LSTMCell(2), merge_mode="max")
    with pytest.raises(ValueError, match=r"one size.*2 units forward, 3 backward.*concat"):
        Bidirectional(LSTMCell(2), LSTMCell(3), merge_mode="sum")
    with pytest.raises(ValueError, match=r"list of 4 states.*Received: 1. Leave it out"):
        Bidirectional(LSTMCell(2), LSTMCell(2))(INPUTS, initial_state=[np.zeros((3, 2), np.float32)])


def test_outputs_where_a_mask_hides_them_repeat_the_one_before_if_wanted():
    layer = Recurrent(LSTMCell(UNITS), "loop", zero_output_for_mask=False)
    outputs = layer(INPUTS, mask=MASK).numpy()
    plain = layer(INPUTS).numpy()
    np.testing.assert_allclose(outputs[1], np.concatenate([plain[1, :2], np.repeat(plain[1, 1:2], 4, 0)]), rtol=1e-6)
    assert not outputs[2].any()
    assert not Recurrent.from_config(layer.get_config()).zero_output_for_mask
