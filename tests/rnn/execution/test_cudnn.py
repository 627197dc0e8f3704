"""What cuDNN gets is what its documentation asks for: here the kernel is a loop over the documented equations."""

import numpy as np
import pytest
import tensorflow as tf

import seqapp.recipe
from seqapp.command_line import find_recipe, recipe_names
from seqapp.recipe.rules import PRECISIONS
from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell
from seqapp.rnn.execution import choose, cudnn, inference, legal_executions
from seqapp.rnn.execution.loop import loop

FEATURES, UNITS, FRAMES = 2, 3, 5
MASKS = {
    "prefixes, one empty": np.arange(FRAMES) < np.array([5, 0, 3, 1])[:, np.newaxis],
    "with a hole": np.array([[1, 0, 1, 1, 0]] * 4, bool),
    "no frames": np.zeros((4, 0), bool),
}
directions = pytest.mark.parametrize("reverse", [False, True], ids=["forward", "backward"])
cells = pytest.mark.parametrize("make_cell", [LSTMCell, GRUCell])


@pytest.fixture
def calls(monkeypatch):
    """A pretended GPU with a kernel; gives the lengths of every call."""
    calls = []

    def kernel(input, input_h, input_c, params, sequence_lengths, rnn_mode, time_major, is_training):
        assert is_training and not time_major  # without, nothing is kept for the gradient
        calls.append(sequence_lengths.numpy())
        assert calls[-1].min() >= 1  # cuDNN refuses a row of no frames
        step = {"lstm": lstm_step, "gru": gru_step}[rnn_mode]
        hidden, cell = input_h[:, 0], input_c if rnn_mode == "gru" else input_c[:, 0]
        weights, outputs = documented_weights(params, {"lstm": 4, "gru": 3}[rnn_mode]), []
        for t in range(input.shape[1]):
            valid = (t < sequence_lengths)[:, tf.newaxis]
            new_hidden, new_cell = step(input[:, t], hidden, cell, *weights)
            outputs.append(tf.where(valid, new_hidden, tf.zeros_like(hidden)))
            hidden = tf.where(valid, new_hidden, hidden)
            cell = cell if rnn_mode == "gru" else tf.where(valid, new_cell, cell)
        return tf.stack(outputs, 1), hidden[:, tf.newaxis], cell if rnn_mode == "gru" else cell[:, tf.newaxis], None, 0

    monkeypatch.setattr(tf.raw_ops, "CudnnRNNV3", kernel)
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: ["a GPU"])
    return calls


def documented_weights(params, num_gates):
    """W, R, bW, bR, each by linLayerID: all matrices of the inputs, those of the state, then the biases."""
    sizes = [UNITS * FEATURES] * num_gates + [UNITS * UNITS] * num_gates + [UNITS] * 2 * num_gates
    parts = tf.split(params, sizes)
    n = num_gates
    return (
        [tf.reshape(p, [UNITS, FEATURES]) for p in parts[:n]],
        [tf.reshape(p, [UNITS, UNITS]) for p in parts[n : 2 * n]],
        parts[2 * n : 3 * n],
        parts[3 * n :],
    )


def lstm_step(x, h, c, W, R, bW, bR):
    i, f, g, o = (
        tf.matmul(x, W[k], transpose_b=True) + tf.matmul(h, R[k], transpose_b=True) + bW[k] + bR[k] for k in range(4)
    )
    c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
    return tf.sigmoid(o) * tf.tanh(c), c


def gru_step(x, h, c, W, R, bW, bR):
    product = [tf.matmul(h, R[k], transpose_b=True) + bR[k] for k in range(3)]
    inputs = [tf.matmul(x, W[k], transpose_b=True) + bW[k] for k in range(3)]
    reset, update = tf.sigmoid(inputs[0] + product[0]), tf.sigmoid(inputs[1] + product[1])
    return (1 - update) * tf.tanh(inputs[2] + reset * product[2]) + update * h, c


def problem(make_cell):
    rng = np.random.default_rng(0)
    cell = make_cell(UNITS)
    cell.build((None, FEATURES))
    for variable in cell.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    return cell, [tf.constant(rng.normal(size=(4, UNITS)), tf.float32) for _ in cell.state_size]


@directions
@cells
@pytest.mark.parametrize("mask", MASKS)
def test_gives_outputs_states_and_gradients_of_the_loop(calls, make_cell, mask, reverse):
    cell, state = problem(make_cell)
    sequences = tf.random.stateless_normal([4, MASKS[mask].shape[1], FEATURES], seed=[1, 2])
    sources = [sequences, *state, *(v.value for v in cell.trainable_variables)]

    def results(run):
        with tf.GradientTape() as tape:
            tape.watch(sources)
            outputs, final = run()
            loss = tf.reduce_sum(tf.sin(outputs)) + sum(tf.reduce_sum(tf.cos(s)) for s in final)
        return [outputs, *final, *tape.gradient(loss, sources, unconnected_gradients="zero")]

    mask = tf.constant(MASKS[mask])
    received = results(lambda: cudnn(cell, sequences, mask, state, reverse))
    expected = results(lambda: loop(cell, cell.project(sequences), mask, state, reverse))
    for r, e in zip(received, expected, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-5, atol=1e-5)


@cells
def test_masks_that_are_no_lengths_go_to_the_loop(calls, make_cell):
    cell, state = problem(make_cell)
    for name, num_calls in {"with a hole": 0, "no frames": 0, "prefixes, one empty": 1}.items():
        mask = tf.constant(MASKS[name])
        cudnn(cell, tf.zeros([4, mask.shape[1], FEATURES]), mask, state)
        assert len(calls) == num_calls


def test_the_layer_hands_its_inputs_on(calls):
    layer = Recurrent(LSTMCell(UNITS), return_state=True)
    inputs = tf.random.stateless_normal([2, 40, FEATURES], seed=[1, 2])
    received = layer(inputs, training=True)
    assert len(calls) == 1
    for r, e in zip(received, Recurrent(layer.cell, "loop", return_state=True)(inputs), strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("cell", [GRUCell(2, reset_after=False), LSTMCell(2, layer_norm=True)])
def test_what_cudnn_does_not_know_is_not_legal(calls, cell):
    assert "cudnn" not in legal_executions(cell)


def test_recurrent_dropout_keeps_a_training_from_cudnn(calls):
    cell = LSTMCell(2, recurrent_dropout=0.5)
    assert choose("auto", cell, training=False) is inference
    assert choose("auto", cell, training=True) is loop
    with pytest.raises(ValueError, match="no recurrent dropout.*recurrent_dropout=0.5"):
        choose("cudnn", cell, training=True)


def test_not_without_a_gpu():
    assert "cudnn" not in legal_executions(LSTMCell(2))


def test_a_gpu_that_is_hidden_does_not_count(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: ["a GPU"])
    assert "cudnn" not in legal_executions(LSTMCell(2)) and choose("auto", LSTMCell(2), training=True) is not cudnn


@cells
@pytest.mark.parametrize("dtype, in_kernel", [(tf.bfloat16, tf.float32), (tf.float16, tf.float16)])
def test_bfloat16_goes_to_the_kernel_in_float32(calls, monkeypatch, make_cell, dtype, in_kernel):
    kernel, dtypes = tf.raw_ops.CudnnRNNV3, []

    def noted(input, params, **arguments):
        dtypes.extend([input.dtype, params.dtype, arguments["input_h"].dtype])
        return kernel(input=input, params=params, **arguments)

    monkeypatch.setattr(tf.raw_ops, "CudnnRNNV3", noted)
    layer = Recurrent(make_cell(UNITS, dtype=f"mixed_{dtype.name}"), return_state=True)
    inputs = tf.random.stateless_normal([2, 40, FEATURES], seed=[1, 2])
    received = layer(inputs, training=True)
    assert set(dtypes) == {in_kernel} and received[0].dtype == dtype and received[1].dtype == tf.float32
    for r, e in zip(received, Recurrent(layer.cell, "loop", return_state=True)(inputs), strict=True):
        np.testing.assert_allclose(tf.cast(r, tf.float32), tf.cast(e, tf.float32), atol=0.03)


@cells
@pytest.mark.parametrize("execution", ["auto", "cudnn"])
def test_what_a_gpu_machine_exports_holds_no_kernel_of_a_gpu(calls, tmp_path, make_cell, execution):
    layer = Recurrent(make_cell(UNITS), execution)
    layer(tf.zeros([1, 20, FEATURES]), training=True)
    assert len(calls) == 1  # it trains by cuDNN
    call = tf.function(lambda x: layer(x, training=False), input_signature=[tf.TensorSpec([None, None, FEATURES])])
    definition = call.get_concrete_function().graph.as_graph_def()
    functions = [node.op for function in definition.library.function for node in function.node_def]
    operations = {*functions, *(node.op for node in definition.node)}
    assert "MatMul" in operations and not any("Cudnn" in name for name in operations)
    assert len(calls) == 1


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", sorted({*recipe_names()} - {"pages"}))  # whose sweeps are of linear cells only
def test_no_recipe_falls_to_the_loop_on_a_gpu(calls, name, precision):
    recipe = seqapp.recipe.load(find_recipe(name))
    config = recipe.network if hasattr(recipe, "network") else recipe.encoder
    for kind in {config.cell, "lstm", "gru"}:
        cell = CELLS[kind](4, recurrent_dropout=config.recurrent_dropout, layer_norm=config.layer_norm, dtype=precision)
        for training in (True, False):
            assert choose(config.execution, cell, training=training) is not loop
