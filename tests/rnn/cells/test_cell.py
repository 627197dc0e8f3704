"""What holds for one step of every cell; whole sequences are in tests/rnn/test_recurrent.py."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn.cells import CELLS, Cell, GRUCell
from tests import reference_cells

UNITS, NUM_FEATURES = 3, 2
MAKERS = {**CELLS, "gru_reset_before": lambda units, **options: GRUCell(units, reset_after=False, **options)}
every_cell = pytest.mark.parametrize("name", MAKERS)


def built(name):
    """A cell in float64 with random weights, inputs `[B, F]` and states of two rows."""
    rng = np.random.default_rng(4)
    cell = MAKERS[name](UNITS, dtype="float64")
    cell.build((None, NUM_FEATURES))
    for variable in cell.trainable_variables:
        variable.assign(variable + rng.normal(scale=0.5, size=variable.shape))
    return cell, rng.normal(size=(2, NUM_FEATURES)), [rng.normal(size=(2, size)) for size in cell.state_size]


@pytest.mark.parametrize("name", CELLS)
def test_one_step_equals_the_equations_in_numpy(name):
    cell, inputs, state = built(name)
    output, new_state = cell(tf.constant(inputs), [tf.constant(s) for s in state])
    expected, expected_state = reference_cells.STEPS[name](inputs, state, {v.name: v.numpy() for v in cell.variables})
    for received, e in zip([output, *new_state], [expected, *expected_state], strict=True):
        np.testing.assert_allclose(received, e, rtol=1e-12)


@every_cell
def test_gradient_equals_finite_differences(name):
    """Along one random direction of inputs, states and all weights together."""
    cell, inputs, state = built(name)
    weights, rng = [v.value for v in cell.trainable_variables], np.random.default_rng(8)
    start = [inputs, *state, *(w.numpy() for w in weights)]
    direction = [rng.normal(size=x.shape) for x in start]

    def loss(inputs, *state):
        output, new_state = cell(inputs, list(state))
        return tf.reduce_sum(tf.sin(output)) + sum(tf.reduce_sum(s**2) for s in new_state)

    def moved_loss(step):
        values = [x + step * d for x, d in zip(start, direction)]
        for weight, value in zip(weights, values[1 + len(state) :], strict=True):
            weight.assign(value)
        return float(loss(*map(tf.constant, values[: 1 + len(state)])))

    numeric = (moved_loss(1e-6) - moved_loss(-1e-6)) / 2e-6
    moved_loss(0.0)
    arguments = [tf.constant(x) for x in (inputs, *state)]
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        value = loss(*arguments)
    gradients = tape.gradient(value, [*arguments, *weights])
    slope = sum(float(tf.reduce_sum(g * d)) for g, d in zip(gradients, direction, strict=True))
    np.testing.assert_allclose(slope, numeric, rtol=1e-7)


@every_cell
def test_step_after_project_is_the_call(name):
    cell, inputs, state = built(name)
    state = [tf.constant(s) for s in state]
    output, new_state = cell.step(cell.project(tf.constant(inputs)), state)
    expected, expected_state = cell(tf.constant(inputs), state)
    for received, e in zip([output, *new_state], [expected, *expected_state], strict=True):
        np.testing.assert_array_equal(received, e)


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if cell.is_linear])
def test_linear_cells_obey_their_recurrence(name):
    cell, inputs, state = built(name)
    gates, state = cell.project(tf.constant(inputs)), [tf.constant(state[0])]
    output, new_state = cell.step(gates, state)
    gates = tf.split(gates, cell.num_gates, axis=-1)
    a, b = cell.linear(gates, *cell.parameters)
    expected = cell.state_of(a * cell.hidden_of(state) + b, "float64")
    np.testing.assert_allclose(new_state[0], expected[0], rtol=1e-13, atol=1e-15)
    np.testing.assert_array_equal(output, cell.readout(gates, cell.hidden_of(new_state)))
    assert (tf.abs(a) <= 1).numpy().all() and (cell.is_complex or (a >= 0).numpy().all()), "no state can explode"


@every_cell
def test_shapes_follow_from_units_and_gates(name):
    cell = MAKERS[name](UNITS)
    cell.build((None, NUM_FEATURES))
    size, memory = sum(cell.gate_sizes), UNITS * {"lru": 2}.get(name, getattr(cell, "key_size", 1))
    assert len(cell.gate_sizes) == cell.num_gates and (cell.is_matrix or cell.gate_sizes == [UNITS] * cell.num_gates)
    assert cell.kernel.shape == (NUM_FEATURES, size) and cell.bias.shape == (size,)
    assert cell.state_size == [memory] * cell.num_states and cell.output_size == UNITS
    assert [s.shape for s in cell.get_initial_state(7)] == [(7, memory)] * cell.num_states


@every_cell
def test_config_round_trip(name):
    options = {
        "kernel_initializer": "he_normal",
        "bias_initializer": "ones",
        "name": "memory",
        "recurrent_dropout": 0.1,
    }
    options |= {"seed": 3, "layer_norm": name != "gru_reset_before"}
    cell = MAKERS[name](UNITS, **options)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(cell))
    assert type(again) is type(cell) and again.get_config() == cell.get_config()
    assert (again.units, again.name) == (UNITS, "memory")
    assert isinstance(again.kernel_initializer, keras.initializers.HeNormal)


@pytest.mark.parametrize("units", [0, -3, 1.5, "8", None])
@pytest.mark.parametrize("name", CELLS)
def test_units_must_be_a_positive_integer(name, units):
    with pytest.raises(ValueError, match=f"positive integer. Received: units={units!r}"):
        CELLS[name](units)


def test_a_cell_without_a_step_says_what_it_must_define():
    with pytest.raises(NotImplementedError, match=r"must define step\(gates, state, keep\)"):
        Cell(2).step(None, None)
