"""Every cell, execution and direction, in every precision, within a stated number of roundings of float64."""

import functools
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Bidirectional, Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell, MinGRUCell
from seqapp.rnn.execution import legal_executions
from tests.pairwise import every_pair, every_value

UNITS, NUM_FEATURES, NUM_FRAMES, LENGTHS = 4, 3, 7, [7, 4]
MAKERS = {**CELLS, "gru_reset_before": functools.partial(GRUCell, reset_after=False)}
LEGAL = [(name, execution) for name, make_cell in MAKERS.items() for execution in legal_executions(make_cell(1))]
# The largest relative error of one rounding in the dtype that a policy multiplies in.
ROUNDING = {"float64": 2.0**-53, "float32": 2.0**-24, "mixed_bfloat16": 2.0**-9, "mixed_float16": 2.0**-11}
MAX_ROUNDINGS = 12  # accepted, of the largest value of each tensor; 5.3 is the most that was measured
CHUNK_SUMS = 4  # as many for `chunkwise`: sums over the frames of a chunk, and their order
MIXED = ("mixed_bfloat16", "mixed_float16")
mixed = pytest.mark.parametrize("policy", MIXED)


def is_worth_its_time(execution, policy, reverse):
    """The laws hold all executions to the loop in float32, and tests of `fused` in float64.

    What XLA compiles costs a second a case: one direction for each of the mixed policies.
    """
    if execution == "fused":
        return (policy, reverse) in (("mixed_bfloat16", True), ("mixed_float16", False))
    return policy != "float32" or execution == "loop"


CASES = [
    (name, execution, policy, reverse)
    for (name, execution), policy, reverse in itertools.product(LEGAL, ROUNDING, [False, True])
    if is_worth_its_time(execution, policy, reverse)
]


def make_layer(name, execution="auto", policy="float32", **options):
    layer = Recurrent(MAKERS[name](UNITS, dtype=policy), execution, return_state=True, dtype=policy, **options)
    layer.build((None, None, NUM_FEATURES))
    rng = np.random.default_rng(2)
    # Of few digits, so that float16 and bfloat16 start from the same numbers as float64.
    layer.set_weights([w + rng.integers(-8, 9, w.shape) / 16 for w in map(np.zeros_like, layer.get_weights())])
    return layer


def problem(layer):
    """Inputs and states, in the dtype of the layer's variables."""
    rng, dtype = np.random.default_rng(3), layer.variable_dtype
    inputs = rng.integers(-16, 17, (2, NUM_FRAMES, NUM_FEATURES)) / 16
    state = [rng.integers(-16, 17, (2, size)) / 16 for size in layer.cell.state_size]
    return tf.constant(inputs, dtype), [tf.constant(s, dtype) for s in state]


def results(layer):
    """Outputs and states, and the gradients of inputs, states and weights, as they come."""
    inputs, state = problem(layer)
    with tf.GradientTape() as tape:
        tape.watch([inputs, *state])
        mask = tf.sequence_mask(LENGTHS, NUM_FRAMES)
        # Outside of training `fused` is another one: choose.py.
        outputs, *final = layer(inputs, initial_state=state, mask=mask, training=layer.execution == "fused")
        wide = tf.cast(outputs, layer.variable_dtype)
        weights = tf.reshape(tf.cos(tf.range(tf.size(wide), dtype=wide.dtype)), wide.shape)
        loss = tf.reduce_sum(wide * weights) + sum(tf.reduce_sum(tf.sin(s)) for s in final)
    return outputs, final, tape.gradient(loss, [inputs, *state, *(v.value for v in layer.trainable_variables)])


@functools.cache
def reference(name, reverse):
    outputs, final, gradients = results(make_layer(name, "loop", "float64", go_backwards=reverse))
    return [r.numpy() for r in (outputs, *final, *gradients)]


@every_pair(("name", "execution", "policy", "reverse"), CASES)
def test_is_within_a_few_roundings_of_float64(name, execution, policy, reverse):
    layer = make_layer(name, execution, policy, go_backwards=reverse)
    outputs, final, gradients = results(layer)
    assert outputs.dtype == layer.compute_dtype
    assert {x.dtype for x in (*final, *gradients)} == {tf.as_dtype(layer.variable_dtype)}
    for received, expected in zip((outputs, *final, *gradients), reference(name, reverse), strict=True):
        most = MAX_ROUNDINGS * (CHUNK_SUMS if execution == "chunkwise" else 1)
        accepted = most * ROUNDING[policy] * max(np.abs(expected).max(), 1.0)
        np.testing.assert_allclose(tf.cast(received, tf.float64), expected, rtol=0, atol=accepted)


@every_value(("name", "reverse"), itertools.product(MAKERS, [False, True]))
def test_gradients_are_those_of_finite_differences(name, reverse):
    """Along a random direction of inputs, of every state and of every weight."""
    layer = make_layer(name, "loop", "float64", go_backwards=reverse)
    inputs, state = problem(layer)
    start = [x.numpy() for x in (inputs, *state, *layer.trainable_variables)]
    mask = tf.sequence_mask(LENGTHS, NUM_FRAMES)

    def loss(sources):
        for variable, value in zip(layer.trainable_variables, sources[1 + len(state) :], strict=True):
            variable.assign(value)
        outputs, *final = layer(sources[0], initial_state=sources[1 : 1 + len(state)], mask=mask)
        weights = np.cos(np.arange(outputs.shape.num_elements())).reshape(outputs.shape)
        return np.sum(outputs * weights) + sum(np.sum(np.sin(s)) for s in final)

    for k, gradient in enumerate(reference(name, reverse)[1 + len(state) :]):
        direction, step = np.random.default_rng(k).normal(size=start[k].shape), 1e-6
        ahead, behind = ([*start[:k], start[k] + sign * step * direction, *start[k + 1 :]] for sign in (1, -1))
        slope = (loss(ahead) - loss(behind)) / (2 * step)
        np.testing.assert_allclose(np.sum(gradient * direction), slope, rtol=1e-6, atol=1e-7)


# Biases of the gates with which a state grows by sigmoid(-7) = 0.0009 a frame, and which of the states it is.
SLOW = {"lstm": ([-7, 30, 30, 0], 1), "gru": ([7, 0, 30], 0), "min_gru": ([-7, 1], 0), "sru": ([7, 0, 1, 0], 0)}
SMALL_STEP = 1 / (1 + np.exp(7.0))


def slow_layer(name, policy, execution):
    layer = Recurrent(CELLS[name](UNITS, dtype=policy), execution, return_state=True, dtype=policy)
    layer.build((None, None, 1))
    layer.set_weights([np.zeros(v.shape) for v in layer.variables])
    layer.cell.bias.assign(np.repeat(SLOW[name][0], UNITS))
    return layer


def slow_growth(name, num_frames):
    """What stands in the state: an LSTM adds 1, the others approach it."""
    return num_frames * SMALL_STEP if name == "lstm" else 1 - (1 - SMALL_STEP) ** num_frames


SLOW_LAYERS = (
    ("lstm", "loop"),
    ("lstm", "fused"),
    ("gru", "fused"),
    ("min_gru", "parallel_scan"),
    ("sru", "parallel_scan"),
)


@every_value(("layer", "policy"), itertools.product(SLOW_LAYERS, MIXED))
def test_a_state_gathers_what_half_precision_would_lose(layer, policy):
    name, execution = layer
    layer = slow_layer(name, policy, execution)
    _, *state = tf.function(layer)(tf.zeros([1, 1000, 1]))
    np.testing.assert_allclose(state[SLOW[name][1]], np.full([1, UNITS], slow_growth(name, 1000)), rtol=2e-3)


@pytest.mark.xfail(
    strict=True, reason="keras.layers.RNN casts the states that it passes to a cell to the compute dtype"
)
@pytest.mark.parametrize("name", ["lstm", "min_gru"])
def test_a_state_gathers_small_steps_where_keras_runs_the_cell(name):
    cell = slow_layer(name, "mixed_bfloat16", "loop").cell
    layer = keras.layers.RNN(cell, return_state=True, dtype="mixed_bfloat16")
    _, *state = tf.function(layer)(tf.zeros([1, 1000, 1]))
    np.testing.assert_allclose(state[SLOW[name][1]], np.full([1, UNITS], slow_growth(name, 1000)), rtol=2e-3)


@mixed
@pytest.mark.parametrize("name", ["lstm", "min_gru"])
def test_a_state_that_is_carried_on_is_not_rounded(name, policy):
    """No frame changes it."""
    layer = make_layer(name, "auto", policy)
    state = [tf.fill([2, UNITS], 1 / 3) for _ in layer.cell.state_size]
    _, *carried = layer(tf.zeros([2, 0, NUM_FEATURES]), initial_state=state)
    for received, expected in zip(carried, state, strict=True):
        np.testing.assert_array_equal(received, expected)


@mixed
def test_a_symbolic_state_has_the_dtype_of_the_real_one(policy):
    layer = make_layer("lstm", "auto", policy)
    outputs, *state = layer(keras.Input((None, NUM_FEATURES)))
    assert outputs.dtype == policy.removeprefix("mixed_") and {s.dtype for s in state} == {"float32"}


@pytest.mark.parametrize(
    ("policy", "expected"), [("float64", "float64"), ("mixed_bfloat16", "bfloat16"), ("mixed_float16", "float16")]
)
def test_both_directions_have_the_dtype_of_the_wrapper(policy, expected):
    layer = Bidirectional(LSTMCell(2, dtype=policy), MinGRUCell(2, dtype=policy), dtype=policy)
    assert layer(tf.zeros([2, 5, 3])).dtype == layer(keras.Input((None, 3))).dtype == expected


@pytest.mark.parametrize("policy", ["float64", "mixed_bfloat16"])
def test_a_layer_takes_the_policy_of_its_cell_unless_told(policy):
    layer = Recurrent(LSTMCell(2, dtype=policy))
    assert layer.dtype_policy == layer.cell.dtype_policy
    assert layer(tf.zeros([2, 5, 3])).dtype == layer.cell.compute_dtype


def test_a_layer_of_another_dtype_than_its_cell_says_so():
    with pytest.raises(ValueError, match="float64.*LSTMCell.*float32"):
        Recurrent(LSTMCell(2, dtype="float32"), dtype="float64")(tf.zeros([2, 5, 3]))


def test_the_global_policy_reaches_layer_and_cell():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        layer = Bidirectional(LSTMCell(2), MinGRUCell(2))
    finally:
        keras.config.set_dtype_policy("float32")
    assert layer(tf.zeros([2, 5, 3])).dtype == "bfloat16"
    assert {v.dtype for v in layer.variables} == {"float32"}


@pytest.mark.slow
def test_trains_in_float16_with_a_scaled_loss():
    keras.utils.set_random_seed(0)
    policy = "mixed_float16"
    layers = [Recurrent(CELLS[name](4, dtype=policy), "loop", dtype=policy) for name in ("lstm", "min_gru")]
    model = keras.Sequential([*layers, keras.layers.Dense(1, dtype="float32")])
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.1)), "mse")
    inputs = np.random.default_rng(0).normal(size=(8, 6, 3))
    losses = model.fit(inputs, np.cumsum(inputs[:, :, :1], axis=1), epochs=12, verbose=0).history["loss"]
    assert losses[-1] < 0.6 * losses[0]


@every_value(("name", "policy"), itertools.product(CELLS, ["float16", "bfloat16"]))
def test_weights_of_16_bits_can_be_drawn_and_trained(name, policy):
    layer = Recurrent(CELLS[name](8, dtype=policy), "loop")
    inputs = tf.random.stateless_normal([2, 20, 3], [1, 2])
    layer.build(inputs.shape)
    with tf.GradientTape() as tape:
        outputs = layer(inputs, training=True)
        loss = tf.reduce_mean(outputs**2)
    assert outputs.dtype == policy
    for variable, gradient in zip(
        layer.trainable_variables, tape.gradient(loss, [v.value for v in layer.trainable_variables]), strict=True
    ):
        variable.assign(variable.value - 0.1 * gradient)
        assert np.isfinite(tf.cast(variable.value, tf.float32)).all(), variable.name
