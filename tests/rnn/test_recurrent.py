"""The laws hold for every cell, execution and direction; the layer is a citizen of Keras."""

import doctest
import functools
import importlib
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

import seqapp.rnn.recurrent
from seqapp.rnn import Bidirectional, Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell, MinGRUCell, SimpleCell
from seqapp.rnn.execution import legal_executions
from tests import reference_cells
from tests.contracts import FEW, NUM_FEATURES, UNITS, Laws, tolerance, verify_recurrent
from tests.pairwise import every_pair, every_value

MAKERS = {name: functools.partial(cell, UNITS) for name, cell in CELLS.items()}
LEGAL = [(name, execution) for name, cell in CELLS.items() for execution in legal_executions(cell(1))]
WRITTEN_OUT = {"parallel_scan": ["CHUNK"], "inference.recurrence": ["FRAMES"], "inference.scan": ["CHUNK", "TURN"]}
AS_SHIPPED = ["simple", "min_gru"]  # a cell of each kind; the others write out fewer frames, and trace a third


@pytest.fixture
def few_frames_are_written_out(monkeypatch):
    for module, numbers in WRITTEN_OUT.items():
        for number in numbers:
            monkeypatch.setattr(importlib.import_module(f"seqapp.rnn.execution.{module}"), number, 3)


@every_pair(("name", "execution", "go_backwards"), [(*legal, b) for legal in LEGAL for b in (False, True)])
def test_laws(name, execution, go_backwards, request):
    if name in AS_SHIPPED or execution not in ("parallel_scan", "inference"):
        return verify_recurrent(MAKERS[name], execution, go_backwards)
    request.getfixturevalue("few_frames_are_written_out")
    verify_recurrent(MAKERS[name], execution, go_backwards, FEW)


def test_gru_with_reset_before_obeys_the_laws():
    verify_recurrent(lambda: GRUCell(UNITS, reset_after=False), "loop", False)


@pytest.mark.parametrize("name", CELLS)
def test_loop_equals_numpy(name):
    laws = Laws(MAKERS[name], "loop", False)
    weights = {v.name: v.numpy().astype(np.float64) for v in laws.cell.variables}
    outputs, states = laws.run(laws.layer(), laws.inputs, laws.state)
    for row in range(len(outputs)):
        expected, final = reference_cells.run(name, laws.inputs[row], [s[row] for s in laws.state], weights)
        laws.close([outputs[row], *(s[row] for s in states)], [expected, *final])


def keras_twin(cell):
    """Keras's own layer with the weights of `cell`."""
    shared = {"return_sequences": True, "return_state": True}
    if isinstance(cell, LSTMCell):
        layer, weights = keras.layers.LSTM(UNITS, **shared), [cell.kernel, cell.recurrent_kernel, cell.bias]
    elif isinstance(cell, SimpleCell):
        layer, weights = keras.layers.SimpleRNN(UNITS, **shared), [cell.kernel, cell.recurrent_kernel, cell.bias]
    else:
        bias = np.stack([cell.bias.numpy(), cell.recurrent_bias.numpy()]) if cell.reset_after else cell.bias
        layer = keras.layers.GRU(UNITS, reset_after=cell.reset_after, **shared)
        weights = [cell.kernel, cell.recurrent_kernel, bias]
    layer.build((None, None, NUM_FEATURES))
    layer.set_weights([keras.ops.convert_to_numpy(w) for w in weights])
    return layer


@pytest.mark.parametrize(
    "make_cell",
    [SimpleCell, LSTMCell, GRUCell, lambda units: GRUCell(units, reset_after=False)],
    ids=["simple", "lstm", "gru", "gru_reset_before"],
)
def test_equals_the_layer_of_keras(make_cell):
    laws = Laws(lambda: make_cell(UNITS), "loop", False)
    twin, layer = keras_twin(laws.cell), laws.layer()
    state = [tf.constant(s) for s in laws.state]

    def results(layer):
        inputs = tf.constant(laws.inputs)
        with tf.GradientTape() as tape:
            tape.watch([inputs, *state])
            outputs, *states = layer(inputs, initial_state=state)
            loss = tf.reduce_sum(outputs**2) + sum(tf.reduce_sum(s**3) for s in states)
        kernels = [v.value for v in layer.trainable_variables if "kernel" in v.name]
        return [outputs, *states, *tape.gradient(loss, [inputs, *state, *kernels])]

    laws.close([r.numpy() for r in results(layer)], [r.numpy() for r in results(twin)])


@pytest.mark.parametrize("name", CELLS)
def test_keras_runs_our_cells(name):
    laws = Laws(MAKERS[name], "loop", False)
    outputs = keras.layers.RNN(laws.cell, return_sequences=True)(laws.inputs)
    expected = Recurrent(laws.cell, "loop")(laws.inputs)
    laws.close([outputs.numpy()], [expected.numpy()])


@pytest.mark.parametrize("name", ["lstm", "min_gru"])
def test_keras_bidirectional_equals_ours(name):
    laws = Laws(MAKERS[name], "auto", False)
    mask = tf.constant(laws.mask)
    wrapper = keras.layers.Bidirectional(Recurrent(laws.cell))
    wrapper.build(laws.inputs.shape)
    ours = Bidirectional(wrapper.forward_layer.cell, wrapper.backward_layer.cell)
    laws.close([wrapper(laws.inputs, mask=mask).numpy()], [ours(laws.inputs, mask=mask).numpy()])


@every_value(("name", "policy"), itertools.product(CELLS, ["mixed_bfloat16", "mixed_float16"]))
def test_mixed_precision_stays_close_and_keeps_the_state_in_float32(name, policy):
    laws = Laws(MAKERS[name], "auto", False)
    expected, _ = laws.run(laws.layer(), laws.inputs, laws.state)
    mixed = Recurrent(CELLS[name](UNITS, dtype=policy), return_state=True, dtype=policy)
    mixed.build(laws.inputs.shape)
    mixed.set_weights(laws.cell.get_weights())
    outputs, *states = mixed(laws.inputs, initial_state=[tf.constant(s) for s in laws.state])
    dtype = policy.removeprefix("mixed_")
    assert outputs.dtype == dtype and all(s.dtype == "float32" for s in states)
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), expected, atol=tolerance(dtype))


def test_last_output_only_is_the_state_read_last():
    laws = Laws(lambda: LSTMCell(UNITS), "loop", False)
    last = Recurrent(laws.cell, return_sequences=False)(laws.inputs, mask=laws.mask)
    outputs = Recurrent(laws.cell)(laws.inputs, mask=laws.mask).numpy()
    for row, length in enumerate(laws.mask.sum(axis=1)):
        expected = outputs[row, length - 1] if length else np.zeros(UNITS)
        np.testing.assert_allclose(last[row], expected, atol=1e-6)


def test_functional_model_survives_saving(tmp_path):
    inputs = keras.Input((None, NUM_FEATURES))
    hidden = keras.layers.Masking()(inputs)
    hidden = Recurrent(MinGRUCell(4), name="memory")(hidden)
    hidden = Bidirectional(GRUCell(3), GRUCell(3), "loop")(hidden)  # the layer before has what `auto` chooses
    model = keras.Model(inputs, Recurrent(LSTMCell(2), "loop", return_sequences=False)(hidden))
    x = np.random.default_rng(0).normal(size=(2, 9, NUM_FEATURES)).astype(np.float32)
    expected = model.predict(x, verbose=0)
    model.save(tmp_path / "model.keras")
    np.testing.assert_allclose(
        keras.models.load_model(tmp_path / "model.keras").predict(x, verbose=0), expected, atol=1e-6
    )
    model.export(tmp_path / "exported", verbose=False)
    exported = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(exported.serve(x), expected, atol=1e-6)


@pytest.mark.parametrize(("name", "execution"), [("lstm", "loop"), ("min_gru", "parallel_scan")])
def test_compiles_with_xla(name, execution):
    laws = Laws(MAKERS[name], execution, False)
    layer, inputs = Recurrent(laws.cell, execution), tf.constant(laws.inputs)

    def gradient(inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum(layer(inputs) ** 2)
        return tape.gradient(loss, inputs)

    laws.close([tf.function(gradient, jit_compile=True)(inputs)], [gradient(inputs)])


def test_a_layer_behind_a_backward_one_sees_its_mask():
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Masking(), Recurrent(LSTMCell(3), go_backwards=True), Recurrent(MinGRUCell(2))]
    stack = keras.Sequential([*layers, Recurrent(GRUCell(2), return_sequences=False)])
    row = np.random.default_rng(0).normal(size=(1, 3, NUM_FEATURES)).astype(np.float32)
    padded = np.pad(row, [(0, 0), (0, 2), (0, 0)])  # Masking hides frames of zeros
    np.testing.assert_allclose(stack(padded), stack(row), atol=1e-6)


def test_weight_names_are_stable():
    layer = Bidirectional(LSTMCell(2), GRUCell(2), name="both")
    layer.build((None, None, 3))
    # Checkpoints and users' scripts hang on these.
    lstm = ["kernel", "bias", "recurrent_kernel"]
    assert [v.name for v in layer.variables] == [*lstm, *lstm, "recurrent_bias"]


def test_wrong_number_of_states_names_the_way_out():
    with pytest.raises(ValueError, match=r"LSTMCell needs 2 initial state.*Received: 1.*get_initial_state"):
        Recurrent(LSTMCell(2))(tf.zeros([1, 3, 4]), initial_state=[tf.zeros([1, 2])])


def test_docstring_examples_run():
    names = {"tf": tf, **CELLS, "LSTMCell": LSTMCell, "MinGRUCell": MinGRUCell, "Bidirectional": Bidirectional}
    for module in (seqapp.rnn.recurrent, seqapp.rnn.bidirectional):
        assert doctest.testmod(module, extraglobs=names).failed == 0
