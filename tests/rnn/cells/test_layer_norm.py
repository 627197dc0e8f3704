"""Layer normalisation inside the cells: the equations of the paper, and every execution with its own derivative."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS, GRUCell
from seqapp.rnn.cells.normalization import standardize, standardize_gradient
from seqapp.rnn.execution import legal_executions
from tests.pairwise import mostly_slow
from tests.reference_cells import STEPS

UNITS, NUM_FEATURES, NUM_FRAMES = 6, 4, 21
INPUTS = np.random.default_rng(0).normal(size=(3, NUM_FRAMES, NUM_FEATURES))


def make(name):
    keras.utils.set_random_seed(0)  # by chance products are so small that their normalisation's epsilon shows
    layer = Recurrent(CELLS[name](UNITS, layer_norm=True, dtype="float64"), "loop", return_state=True, dtype="float64")
    layer.build(INPUTS.shape)
    for number, variable in enumerate(layer.cell.trainable_variables):
        variable.assign(variable + 0.5 * tf.random.stateless_normal(variable.shape, [2, number], dtype="float64"))
    return layer


def results(layer):
    """Outputs, states and gradients."""
    inputs = tf.constant(INPUTS)
    sizes = [[len(INPUTS), size] for size in layer.cell.state_size]
    state = [tf.random.stateless_normal(size, [3, 4], dtype="float64") for size in sizes]
    with tf.GradientTape() as tape:
        tape.watch([inputs, *state])
        outputs, *states = layer(inputs, initial_state=state, mask=MASK, training=True)
        loss = tf.reduce_sum(tf.sin(outputs)) + sum(tf.reduce_sum(s**2) for s in states)
    sources = [inputs, *state, *(v.value for v in layer.cell.trainable_variables)]
    return [outputs, *states, *tape.gradient(loss, sources)]


MASK = np.random.default_rng(1).random((3, NUM_FRAMES)) < 0.8


@pytest.mark.parametrize(
    "name", mostly_slow(CELLS, set(CELLS) - {"lru", "mamba2"})
)  # gated_delta has all that mamba2 has
def test_all_executions_give_the_loops_results_and_gradients(name):
    layer = make(name)
    expected = results(layer)
    for execution in legal_executions(layer.cell)[1:]:
        layer.execution = execution
        for received, e in zip(results(layer), expected, strict=True):
            np.testing.assert_allclose(received, e, rtol=1e-8, atol=1e-9, err_msg=execution)


def normalized(x, gain):
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


@pytest.mark.parametrize("name", CELLS)
def test_one_step_equals_the_equations_in_numpy(name):
    """The plain equations, fed with normalised products through unit kernels."""
    layer, rng = make(name), np.random.default_rng(2)
    cell, x = layer.cell, INPUTS[:, 0]
    state = [rng.normal(size=(len(x), size)) for size in cell.state_size]
    w = {v.name: v.numpy() for v in cell.trainable_variables}
    size = sum(cell.gate_sizes)
    plain = {**w, "kernel": np.eye(size), "bias": w["bias"]}
    arguments = [normalized(x @ w["kernel"], w["gain"]), state, plain]
    if "recurrent_kernel" in w:
        recurrent = normalized(state[0] @ w["recurrent_kernel"], w["recurrent_gain"])
        # h @ pinv(h) is the unit matrix for fewer rows than units, so that this kernel gives the wanted product.
        plain["recurrent_kernel"] = np.linalg.pinv(state[0]) @ recurrent
    expected, expected_state = STEPS[name](*arguments)
    output, new_state = cell(tf.constant(x), [tf.constant(s) for s in state])
    for received, e in zip([output, *new_state], [expected, *expected_state], strict=True):
        np.testing.assert_allclose(received, e, rtol=1e-9, atol=1e-11)


def test_the_derivative_is_that_of_tensorflow():
    rng = np.random.default_rng(3)
    product, upstream = (tf.constant(rng.normal(size=(4, 9))) for _ in range(2))
    with tf.GradientTape() as tape:
        tape.watch(product)
        standardized, scale = standardize(product)
    expected = tape.gradient(standardized, product, upstream)
    np.testing.assert_allclose(standardize_gradient(upstream, standardized, scale), expected, rtol=1e-10)


@pytest.mark.parametrize("name", ["lstm", "min_gru"])
def test_scaling_a_kernel_changes_nothing(name):
    """What normalisation is for: the size of the weights does not matter."""
    layer = make(name)
    expected, *_ = layer(INPUTS)
    for variable in layer.cell.trainable_variables:
        if "kernel" in variable.name:
            variable.assign(variable * 30.0)
    np.testing.assert_allclose(layer(INPUTS)[0], expected, rtol=1e-3, atol=1e-3)


def test_gains_are_weights_of_their_own_that_survive_saving(tmp_path):
    inputs = keras.Input((None, NUM_FEATURES))
    model = keras.Model(inputs, Recurrent(CELLS["lstm"](3, layer_norm=True))(inputs))
    assert [v.name for v in model.variables] == ["kernel", "bias", "gain", "recurrent_kernel", "recurrent_gain"]
    model.save(tmp_path / "model.keras")
    expected = model(INPUTS.astype(np.float32))
    np.testing.assert_allclose(keras.models.load_model(tmp_path / "model.keras")(INPUTS.astype(np.float32)), expected)


def test_a_gru_that_resets_first_has_no_single_product_to_normalise():
    with pytest.raises(ValueError, match="layer_norm=True needs reset_after=True.*Received: reset_after=False"):
        GRUCell(3, reset_after=False, layer_norm=True)
