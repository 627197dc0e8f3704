"""Variational dropout: one mask a row for all frames, the same in every execution, and none outside of training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell, MinGRUCell
from seqapp.rnn.execution import legal_executions
from tests.pairwise import mostly_slow
from tests.reference_cells import sigmoid

UNITS, NUM_FEATURES, NUM_FRAMES = 6, 4, 21
SEED_STATE = [5, 6]
INPUTS = np.random.default_rng(0).normal(size=(5, NUM_FRAMES, NUM_FEATURES))
VARIANTS = {**CELLS, "gru_reset_before": lambda units, **options: GRUCell(units, reset_after=False, **options)}


def make(name, execution="loop", **options):
    """A layer in float64, whose next masks are always the same."""
    cell = VARIANTS[name](UNITS, dtype="float64", **options)
    layer = Recurrent(cell, execution, dtype="float64")
    layer.build(INPUTS.shape)
    for number, variable in enumerate(cell.trainable_variables):
        variable.assign(tf.random.stateless_normal(variable.shape, [1, number], dtype="float64"))
    return layer


def results(layer):
    """Training outputs and gradients of inputs and weights."""
    layer.cell.seed_generator.state.assign(SEED_STATE)
    inputs = tf.constant(INPUTS)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=True)
        loss = tf.reduce_sum(tf.sin(outputs))
    return [outputs, *tape.gradient(loss, [inputs, *(v.value for v in layer.cell.trainable_variables)])]


@pytest.mark.parametrize("name", mostly_slow(VARIANTS, set(VARIANTS) - {"mamba2"}))  # gated_delta has all that it has
def test_all_executions_drop_alike(name):
    layer = make(name, recurrent_dropout=0.4, dropout=0.2)
    expected = results(layer)
    for execution in legal_executions(layer.cell)[1:]:
        layer.execution = execution
        for received, e in zip(results(layer), expected, strict=True):
            np.testing.assert_allclose(received, e, rtol=1e-9, atol=1e-11, err_msg=execution)


@pytest.mark.parametrize("name", VARIANTS)
def test_nothing_is_dropped_outside_of_training(name):
    dropping, plain = make(name, recurrent_dropout=0.9, dropout=0.9), make(name)
    np.testing.assert_array_equal(dropping(INPUTS), plain(INPUTS))


def drawn(layer):
    """The masks that the next call draws: of inputs `[B, F]` and of the state `[B, H]`, scaled."""
    layer.cell.seed_generator.state.assign(SEED_STATE)
    inputs = layer.cell.drop_inputs(tf.ones(INPUTS.shape, "float64"), True).numpy()
    assert (inputs == inputs[:, :1]).all(), "the same features in all frames"
    return inputs[:, 0], layer.cell.recurrent_keep(len(INPUTS), True).numpy()


def test_lstm_hides_units_of_its_output_from_the_recurrent_product_alone():
    layer = make("lstm", recurrent_dropout=0.5, dropout=0.25)
    keep_inputs, keep = drawn(layer)
    kernel, bias, recurrent_kernel = (v.numpy() for v in layer.cell.trainable_variables)
    h = c = np.zeros((len(INPUTS), UNITS))
    outputs = []
    for t in range(NUM_FRAMES):
        gates = (INPUTS[:, t] * keep_inputs) @ kernel + bias + (h * keep) @ recurrent_kernel
        i, f, g, o = np.split(gates, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    np.testing.assert_allclose(results(layer)[0], np.stack(outputs, axis=1), rtol=1e-9)


def test_min_gru_drops_what_is_written_and_lets_the_state_fade():
    layer = make("min_gru", recurrent_dropout=0.5)
    keep = drawn(layer)[1]
    kernel, bias = (v.numpy() for v in layer.cell.trainable_variables)
    h, outputs = np.zeros((len(INPUTS), UNITS)), []
    for t in range(NUM_FRAMES):
        z, n = np.split(INPUTS[:, t] @ kernel + bias, 2, axis=-1)
        h = (1 - sigmoid(z)) * h + keep * sigmoid(z) * n
        outputs.append(h)
    np.testing.assert_allclose(results(layer)[0], np.stack(outputs, axis=1), rtol=1e-9)


def test_masks_have_the_rate_asked_for_and_keep_the_mean():
    cell = MinGRUCell(200, recurrent_dropout=0.3, dropout=0.6, seed=1)
    keep = cell.recurrent_keep(300, training=True).numpy()
    np.testing.assert_allclose(np.unique(keep), [0, 1 / 0.7], rtol=1e-6)
    np.testing.assert_allclose((keep == 0).mean(), 0.3, atol=0.01)
    inputs = cell.drop_inputs(tf.ones([300, 2, 200]), training=True).numpy()
    np.testing.assert_allclose([(inputs == 0).mean(), inputs.mean()], [0.6, 1.0], atol=0.02)


def test_every_call_draws_anew_inside_one_traced_function():
    layer = Recurrent(LSTMCell(8, recurrent_dropout=0.5, seed=1), "loop")
    run = tf.function(lambda: layer(tf.ones([1, 5, 3]), training=True))
    assert len({run().numpy().tobytes() for _ in range(4)}) == 4


def test_a_cell_without_dropout_carries_no_seed():
    cell = LSTMCell(2)
    cell.build((None, 3))
    assert [v.name for v in cell.variables] == ["kernel", "bias", "recurrent_kernel"]


def test_keras_rnn_is_refused_in_training_with_the_way_out():
    layer = keras.layers.RNN(LSTMCell(2, recurrent_dropout=0.1))
    inputs = tf.ones([1, 3, 2])
    assert layer(inputs).shape == (1, 2)
    with pytest.raises(ValueError, match="same units in all frames.*seqapp.rnn.Recurrent"):
        layer(inputs, training=True)


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5])
@pytest.mark.parametrize("name", ["dropout", "recurrent_dropout"])
def test_a_rate_lies_in_zero_to_one(name, rate):
    with pytest.raises(ValueError, match=rf"{name} must be a rate in \[0, 1\). Received: {name}={rate}"):
        LSTMCell(2, **{name: rate})
