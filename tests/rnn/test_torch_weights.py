"""Weights come from PyTorch's modules and go back, checked against its documented equations without PyTorch."""

import numpy as np
import pytest

from seqapp.rnn import Recurrent, keras_layers
from seqapp.rnn.cells import GRUCell, LSTMCell, MinGRUCell, SimpleCell
from seqapp.rnn.torch_weights import set_torch_weights, torch_weights

UNITS, NUM_FEATURES = 4, 3
NUM_GATES = {LSTMCell: 4, GRUCell: 3, SimpleCell: 1}
KERAS_LAYERS = {LSTMCell: keras_layers.LSTM, GRUCell: keras_layers.GRU, SimpleCell: keras_layers.SimpleRNN}
INPUTS = np.random.default_rng(0).normal(size=(2, 5, NUM_FEATURES)).astype(np.float32)
every_kind = pytest.mark.parametrize("kind", NUM_GATES)


def random_weights(kind, suffix="_l0"):
    rng, size = np.random.default_rng(1), NUM_GATES[kind] * UNITS
    shapes = {"weight_ih": (size, NUM_FEATURES), "weight_hh": (size, UNITS), "bias_ih": (size,), "bias_hh": (size,)}
    return {name + suffix: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def by_hand(kind, weights):
    """Outputs `[B, T, H]` by the equations in PyTorch's documentation, with its order of gates."""
    hidden = memory = np.zeros((len(INPUTS), UNITS))
    outputs = []
    for frame in INPUTS.transpose(1, 0, 2):
        of_input = frame @ weights["weight_ih_l0"].T + weights["bias_ih_l0"]
        of_state = hidden @ weights["weight_hh_l0"].T + weights["bias_hh_l0"]
        if kind is SimpleCell:
            hidden = np.tanh(of_input + of_state)
        elif kind is LSTMCell:
            i, f, g, o = np.split(of_input + of_state, 4, axis=1)
            memory = sigmoid(f) * memory + sigmoid(i) * np.tanh(g)
            hidden = sigmoid(o) * np.tanh(memory)
        else:
            (ir, iz, new), (hr, hz, hn) = np.split(of_input, 3, axis=1), np.split(of_state, 3, axis=1)
            update = sigmoid(iz + hz)
            hidden = (1 - update) * np.tanh(new + sigmoid(ir + hr) * hn) + update * hidden
        outputs.append(hidden)
    return np.stack(outputs, axis=1)


@every_kind
def test_computes_what_torch_documents(kind):
    cell, weights = kind(UNITS), random_weights(kind)
    set_torch_weights(cell, weights)
    np.testing.assert_allclose(Recurrent(cell)(INPUTS), by_hand(kind, weights), rtol=1e-4, atol=1e-5)
    layer = KERAS_LAYERS[kind](UNITS, return_sequences=True)
    set_torch_weights(layer.cell, weights)
    np.testing.assert_allclose(layer(INPUTS), by_hand(kind, weights), rtol=1e-4, atol=1e-5)


@every_kind
def test_goes_back_under_the_names_of_any_layer(kind):
    cell, again = kind(UNITS), kind(UNITS)
    set_torch_weights(cell, random_weights(kind))
    weights = torch_weights(cell, "_l1_reverse")
    set_torch_weights(again, weights, "_l1_reverse")
    for received, expected in zip(again.get_weights(), cell.get_weights(), strict=True):
        np.testing.assert_allclose(received, expected, rtol=1e-6)
    assert {name: w.shape for name, w in weights.items()} == {
        name: w.shape for name, w in random_weights(kind, "_l1_reverse").items()
    }


def test_without_biases():
    cell, weights = GRUCell(UNITS, use_bias=False), random_weights(GRUCell)
    set_torch_weights(cell, {name: w for name, w in weights.items() if "bias" not in name})
    weights |= {name: 0 * w for name, w in weights.items() if "bias" in name}
    np.testing.assert_allclose(Recurrent(cell)(INPUTS), by_hand(GRUCell, weights), rtol=1e-4, atol=1e-5)
    assert set(torch_weights(cell)) == {"weight_ih_l0", "weight_hh_l0"}


@pytest.mark.parametrize("cell", [MinGRUCell(2), GRUCell(2, reset_after=False), LSTMCell(2, layer_norm=True)])
def test_what_torch_has_not_is_refused(cell):
    with pytest.raises(ValueError, match=r"PyTorch knows.*Received.*set_weights"):
        set_torch_weights(cell, {})


def test_wrong_weights_are_refused_by_name():
    with pytest.raises(ValueError, match=r"Expected a weight weight_ih_l1. Received.*weight_hh_l0.*suffix"):
        set_torch_weights(LSTMCell(UNITS), random_weights(LSTMCell), "_l1")
    with pytest.raises(ValueError, match=r"weight_ih must fit.*\(3, 20\).*hidden_size"):
        set_torch_weights(LSTMCell(UNITS + 1), random_weights(LSTMCell))
