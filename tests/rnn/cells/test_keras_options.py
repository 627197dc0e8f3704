"""Options of Keras's cells on ours: biases, activations, initializers and rules.

Checklist, of what Keras promises of LSTM, GRU and SimpleRNN: without bias (in either GRU); any activation, by name, as
a function, or none; `bias_initializer`, regularizer and constraint reach every bias of the GRU; options stay in the
config.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell, SimpleCell
from seqapp.rnn.execution import legal_executions
from tests.pairwise import mostly_slow

UNITS, NUM_FEATURES = 4, 3
INPUTS = np.random.default_rng(0).normal(size=(2, 17, NUM_FEATURES)).astype(np.float32)
LAYERS = {LSTMCell: keras.layers.LSTM, GRUCell: keras.layers.GRU, SimpleCell: keras.layers.SimpleRNN}


def outputs_and_gradients(layer):
    sources = [v.value for v in layer.trainable_variables]
    with tf.GradientTape() as tape:
        outputs = layer(INPUTS, training=True)
        loss = tf.reduce_sum(outputs**2)
    return [outputs, *tape.gradient(loss, sources)]


def assert_equals_keras(cell, **options):
    """With weights carried over by name."""
    twin = LAYERS[type(cell)](UNITS, return_sequences=True, **options)
    twin.build(INPUTS.shape)
    layer = Recurrent(cell)
    layer.build(INPUTS.shape)
    rng = np.random.default_rng(1)
    values = {v.name: rng.normal(scale=0.3, size=v.shape) for v in layer.variables}
    layer.set_weights(list(values.values()))
    if "recurrent_bias" in values:
        values["bias"] = np.stack([values["bias"], values["recurrent_bias"]])
    twin.set_weights([values[v.name] for v in twin.weights])
    np.testing.assert_allclose(layer(INPUTS), twin(INPUTS), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "name", mostly_slow(CELLS, set(CELLS) - {"lru", "mamba2"})
)  # gated_delta has all that mamba2 has
def test_without_bias_it_computes_what_zeros_would(name):
    cell, zeros = CELLS[name](UNITS, use_bias=False), CELLS[name](UNITS)
    for each in (cell, zeros):
        each.build((None, NUM_FEATURES))
    values = {v.name: v.numpy() for v in cell.variables}
    assert not [weight for weight in values if "bias" in weight]
    zeros.set_weights([values.get(v.name, np.zeros(v.shape)) for v in zeros.variables])
    expected = outputs_and_gradients(Recurrent(zeros, "loop"))
    names = ["outputs", *(v.name for v in zeros.variables)]
    expected = [e for e, weight in zip(expected, names, strict=True) if "bias" not in weight]
    for execution in ("loop", "fused" if "fused" in legal_executions(cell) else "auto"):
        for r, e in zip(outputs_and_gradients(Recurrent(cell, execution)), expected, strict=True):
            np.testing.assert_allclose(r, e, rtol=1e-4, atol=1e-5)
    assert not type(cell).from_config(cell.get_config()).use_bias


def test_without_bias_the_gru_of_the_paper_equals_keras():
    assert_equals_keras(GRUCell(UNITS, reset_after=False, use_bias=False), reset_after=False, use_bias=False)


ACTIVATIONS = [
    (LSTMCell, {"activation": "relu", "recurrent_activation": "hard_sigmoid"}),
    (LSTMCell, {"activation": None}),
    (GRUCell, {"activation": tf.sin, "recurrent_activation": "hard_sigmoid"}),
    (GRUCell, {"recurrent_activation": "tanh", "reset_after": False}),
    (SimpleCell, {"activation": "relu"}),
]


@pytest.mark.parametrize(("kind", "options"), ACTIVATIONS)
def test_other_activations_equal_keras(kind, options):
    assert_equals_keras(kind(UNITS, **options), **options)


def test_other_activations_run_by_what_knows_them():
    cell = LSTMCell(UNITS, activation="relu")
    assert legal_executions(cell) == ["loop", "unrolled"]
    with pytest.raises(ValueError, match=r"fused.*default activations.*Use execution='auto' or one of loop"):
        Recurrent(cell, "fused")
    again = LSTMCell.from_config(cell.get_config())
    assert again.activation is keras.activations.relu and again.recurrent_activation is keras.activations.sigmoid
    outputs_and_gradients(Recurrent(cell))  # `auto`, in training


def test_options_of_the_bias_reach_both_of_the_gru():
    cell = GRUCell(UNITS, bias_initializer="ones", bias_regularizer="l2", bias_constraint="non_neg")
    cell.build((None, NUM_FEATURES))
    np.testing.assert_array_equal(cell.recurrent_bias, np.ones(3 * UNITS))
    np.testing.assert_allclose(sum(cell.losses), 0.01 * 6 * UNITS, rtol=1e-6)
    assert cell.recurrent_bias.constraint is not None
