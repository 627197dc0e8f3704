"""The derived backward passes are exact: against finite differences, against the loop, and in every odd shape."""

import functools
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import GRUCell, LSTMCell, MinGRUCell, RGLRUCell, SimpleCell, SRUCell
from seqapp.rnn.execution.fused import can_fuse, fused
from seqapp.rnn.execution.fused.rows import LENGTHS
from seqapp.rnn.execution.loop import loop
from tests.pairwise import every_pair, every_value, mostly_slow, representatives

UNITS, BATCH, (FILLED, NEXT_FILLED) = 3, 4, LENGTHS[:2]
CELLS = {
    "lstm": LSTMCell,
    "gru": GRUCell,
    "simple": SimpleCell,
    "min_gru": MinGRUCell,
    "rg_lru": RGLRUCell,
    "sru": SRUCell,
}
cells = pytest.mark.parametrize("name", CELLS)
# A recurrence with a plain twin, and a linear one.
KINDS = ("lstm",), ("min_gru",)
a_cell_of_each_kind = representatives(("name",), KINDS, [(name,) for name in CELLS])


@functools.cache
def cell_of(name):
    cell = CELLS[name](UNITS, dtype="float64")
    cell.build((None, 2))
    return cell


def problem(name, num_frames, batch=BATCH):
    """A float64 cell with weights of all sizes, gates, a mask with holes and states. The cell has those drawn last."""
    rng = np.random.default_rng(num_frames)
    cell = cell_of(name)
    for variable in cell.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    gates = tf.constant(rng.normal(size=(batch, num_frames, cell.num_gates * UNITS)))
    state = [tf.constant(rng.normal(size=(batch, UNITS))) for _ in cell.state_size]
    return cell, gates, tf.constant(rng.random((batch, num_frames)) < 0.7), state


def recurrent_weights(cell):
    return [v.value for v in cell.trainable_variables if "recurrent" in v.name or v.name == "decay"]


def results(execution, cell, gates, mask, state, reverse):
    """Outputs, states, and the gradients of gates, states and recurrent weights for one fixed loss."""
    sources = [gates, *state, *recurrent_weights(cell)]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        outputs, final = execution(cell, gates, mask, state, reverse)
        loss = scalar(outputs, final)
    return [outputs, *final, *tape.gradient(loss, sources, unconnected_gradients="zero")]


@functools.cache
def traced_loop(name, reverse):
    """`results` of the loop for any batch and length: traced sooner than run eagerly for a few lengths."""
    cell = cell_of(name)
    frames = [tf.TensorSpec([None, None, cell.num_gates * UNITS], tf.float64), tf.TensorSpec([None, None], tf.bool)]
    state = [tf.TensorSpec([None, UNITS], tf.float64) for _ in cell.state_size]
    return tf.function(
        lambda gates, mask, state: results(loop, cell, gates, mask, state, reverse),
        input_signature=[*frames, state],
        autograph=False,
    )


def loop_results(name, given, reverse=False):
    return traced_loop(name, reverse)(*given[1:])


def scalar(outputs, states):
    """A loss in which every output and state counts, and none like another."""
    weights = tf.cos(tf.range(tf.size(outputs), dtype=outputs.dtype))
    return tf.reduce_sum(tf.reshape(outputs, [-1]) * weights) + sum(tf.reduce_sum(tf.sin(s)) for s in states)


# Compiled for two lengths.
@every_pair(
    ("num_frames", "name", "reverse"),
    itertools.product([0, 1, 5, FILLED, FILLED + 1, NEXT_FILLED], CELLS, [False, True]),
)
def test_equals_the_loop_with_holes_in_the_mask(name, num_frames, reverse):
    given = problem(name, num_frames)
    received, expected = results(fused, *given, reverse), loop_results(name, given, reverse)
    for r, e in zip(received, expected, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-9, atol=1e-10)


@every_value(("name", "reverse"), itertools.product(CELLS, [False, True]))
def test_gradients_are_those_of_finite_differences(name, reverse):
    cell, gates, mask, state = problem(name, 6)
    weights = recurrent_weights(cell)
    gradients = results(fused, cell, gates, mask, state, reverse)[1 + len(state) :]

    def loss(sources):
        for variable, value in zip(weights, sources[1 + len(state) :]):
            variable.assign(value)
        return scalar(*fused(cell, sources[0], mask, sources[1 : 1 + len(state)], reverse)).numpy()

    sources, step = [s.numpy() for s in (gates, *state, *weights)], 1e-5
    for source, gradient in zip(sources, gradients, strict=True):
        direction = np.random.default_rng(1).normal(size=source.shape)
        original = source.copy()
        source += step * direction
        above = loss(sources)
        source -= 2 * step * direction
        difference = (above - loss(sources)) / (2 * step)
        source[...] = original
        np.testing.assert_allclose(difference, np.sum(gradient.numpy() * direction), rtol=1e-6, atol=1e-8)


@cells
@pytest.mark.parametrize("batch", [0, 1, 8, 9])
def test_any_batch_size(name, batch):
    given = problem(name, 5, batch)
    for r, e in zip(results(fused, *given, False), loop_results(name, given), strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-9, atol=1e-10)


def test_one_trace_serves_all_lengths_and_batch_sizes():
    layer = Recurrent(LSTMCell(UNITS), "fused")
    layer.build((None, None, 2))
    traces = []

    @tf.function(input_signature=[tf.TensorSpec([None, None, 2])])
    def step(inputs):
        traces.append(inputs)
        with tf.GradientTape() as tape:
            outputs = layer(inputs, training=True)
        return tape.gradient(outputs, [v.value for v in layer.trainable_variables])

    for shape in ((2, 5, 2), (3, 0, 2), (9, FILLED + 2, 2)):
        assert all(np.isfinite(g).all() for g in step(tf.ones(shape)))
    assert len(traces) == 1


@a_cell_of_each_kind
def test_a_known_batch_size_after_others(name):
    for batch in (2, 17, 2):
        given = problem(name, 5, batch)
        step = tf.function(lambda: results(fused, *given, False), autograph=False)  # noqa: B023
        for r, e in zip(step(), loop_results(name, given), strict=True):
            np.testing.assert_allclose(r, e, rtol=1e-9, atol=1e-10)


def test_asks_for_another_execution_where_functions_run_eagerly():
    tf.config.run_functions_eagerly(True)
    try:
        with pytest.raises(ValueError, match="'fused' runs compiled only.*Use execution='auto'"):
            fused(*problem("lstm", 5))
    finally:
        tf.config.run_functions_eagerly(False)


@a_cell_of_each_kind
def test_compiles_inside_a_larger_compiled_function(name):
    given = problem(name, 5)
    compiled = tf.function(lambda: results(fused, *given, False), jit_compile=True, autograph=False)
    for r, e in zip(compiled(), loop_results(name, given), strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_multiplies_in_the_compute_dtype_as_the_loop_does(policy):
    cell = GRUCell(UNITS, dtype=policy)
    inputs = tf.random.stateless_normal([BATCH, 9, 2], seed=[1, 2])
    received, expected = (Recurrent(cell, name, dtype=policy)(inputs, training=True) for name in ("fused", "loop"))
    assert received.dtype == expected.dtype == policy.removeprefix("mixed_")
    np.testing.assert_allclose(tf.cast(received, tf.float32), tf.cast(expected, tf.float32), atol=2e-2)


def test_a_saved_model_holds_it(tmp_path):
    layer = Recurrent(LSTMCell(UNITS), "fused")
    inputs = tf.random.stateless_normal([BATCH, FILLED + 1, 2], seed=[1, 2])
    expected = layer(inputs)
    module = tf.Module()
    module.weights = [v.value for v in layer.variables]
    specs = [tf.TensorSpec([None, None, 2])]
    module.serve = tf.function(lambda inputs: layer(inputs, training=True), input_signature=specs)
    tf.saved_model.save(module, str(tmp_path))
    loaded = tf.saved_model.load(str(tmp_path))
    np.testing.assert_allclose(loaded.serve(inputs), expected, atol=1e-6)


def gradient_penalty(execution, cell, gates, mask, state, reverse=False):
    """The first derivatives of a loss, and those of the sum of their squares."""
    sources = [gates, *state, *recurrent_weights(cell)]
    with tf.GradientTape() as outer:
        outer.watch(sources)
        with tf.GradientTape() as inner:
            inner.watch(sources)
            loss = scalar(*execution(cell, gates, mask, state, reverse))
        first = inner.gradient(loss, sources, unconnected_gradients="zero")
        penalty = sum(tf.reduce_sum(g**2) for g in first)
    return [*first, *outer.gradient(penalty, sources, unconnected_gradients="zero")]


@pytest.mark.parametrize("name, reverse", [*((name, False) for name in CELLS), ("lstm", True), ("min_gru", True)])
def test_second_derivatives_are_those_of_the_loop(name, reverse):
    given = problem(name, 3)
    expected = gradient_penalty(loop, *given, reverse)
    for r, e in zip(gradient_penalty(fused, *given, reverse), expected, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-8, atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lstm", "min_gru"])  # a recurrence with a plain twin, and a linear one
def test_second_derivatives_inside_of_a_graph_are_those_of_the_loop(name):
    given = problem(name, 3)
    received = tf.function(lambda: gradient_penalty(fused, *given), autograph=False)()
    for r, e in zip(received, gradient_penalty(loop, *given), strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("name", mostly_slow(["lstm", "min_gru"], ["lstm"]))
def test_forward_mode_is_the_derivative_along_a_direction(name):
    cell, gates, mask, state = problem(name, 3)
    direction = tf.cos(gates)
    with tf.autodiff.ForwardAccumulator(gates, direction) as accumulator:
        loss = scalar(*fused(cell, gates, mask, state))
    gradient = results(fused, cell, gates, mask, state, False)[1 + len(state)]
    np.testing.assert_allclose(accumulator.jvp(loss), tf.reduce_sum(gradient * direction), rtol=1e-8)


def test_forward_mode_inside_of_a_graph_is_refused():
    cell, gates, mask, state = problem("min_gru", 5)

    @tf.function(autograph=False)  # which would wrap the error
    def derivative():
        with tf.autodiff.ForwardAccumulator(gates, tf.ones_like(gates)) as accumulator:
            loss = scalar(*fused(cell, gates, mask, state))
        return accumulator.jvp(loss)

    with pytest.raises(LookupError, match="ForwardAccumulator inside of a tf.function.*execution='loop'"):
        derivative()


@pytest.mark.parametrize("name", mostly_slow(["lstm", "min_gru"], ["min_gru"]))
def test_a_recomputed_layer_has_the_same_gradients(name):
    layer = Recurrent(CELLS[name](UNITS), "fused")
    inputs = tf.random.stateless_normal([BATCH, 9, 2], seed=[1, 2])
    layer.build(inputs.shape)

    def gradients(function):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum(function(inputs) ** 2)
        return tape.gradient(loss, [inputs, *(v.value for v in layer.trainable_variables)])

    expected = gradients(lambda inputs: layer(inputs, training=True))
    for recompute in (tf.recompute_grad, keras.remat):
        again = recompute(lambda inputs: layer(inputs, training=True))
        for r, e in zip(tf.function(lambda: gradients(again), autograph=False)(), expected, strict=True):  # noqa: B023
            np.testing.assert_allclose(r, e, rtol=1e-4, atol=1e-6)


def test_a_subclass_is_refused_since_it_may_have_equations_of_its_own():
    class OtherCell(LSTMCell):
        def step(self, gates, state):
            return super().step(2.0 * gates, state)

    assert can_fuse(LSTMCell(2)) and not can_fuse(OtherCell(2)) and not can_fuse(GRUCell(2, reset_after=False))
    with pytest.raises(ValueError, match="fused.*OtherCell.*Use execution='loop'"):
        fused(OtherCell(2), None, None, None)


@pytest.mark.slow
def test_cells_of_many_sizes_do_not_spoil_each_other():
    """TensorFlow relaxes a shape that keeps changing; a trace that no longer knows H cannot be built."""
    for units in (2, 3, 4, 5, 6, 7):
        layer = Recurrent(LSTMCell(units), "fused")
        inputs = tf.random.stateless_normal([2, 9, 3], [0, units])
        layer.build(inputs.shape)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=True)
        expected = Recurrent(layer.cell, "loop")(inputs)
        np.testing.assert_allclose(outputs, expected, atol=1e-5)
        assert np.isfinite(tape.gradient(outputs, inputs)).all()
