"""The execution for inference is the loop: with holes in the mask, in mixed precision, under dropout, in a SavedModel.

The laws of a layer (tests/rnn/test_recurrent.py) hold for it as for all executions.
"""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import GRUCell, LSTMCell, MinGRUCell, SimpleCell, SRUCell
from seqapp.rnn.execution import inference, loop
from seqapp.rnn.execution.inference import can_infer
from seqapp.rnn.execution.inference.linear import MANY_ROWS
from seqapp.rnn.execution.inference.recurrence import FRAMES
from tests.pairwise import every_value

UNITS, NUM_FEATURES, BATCH = 3, 2, 4
NUM_FRAMES = 2 * FRAMES + 3  # two blocks, and a rest
CELLS = {"lstm": LSTMCell, "gru": GRUCell, "simple": SimpleCell, "sru": SRUCell}  # of the linear ones, that with most
cells = pytest.mark.parametrize("name", CELLS)


def problem(cell, num_frames=NUM_FRAMES):
    """Inputs in the compute dtype, a mask with holes, states; the cell's weights drawn at random."""
    rng = np.random.default_rng(num_frames)
    cell.build((None, NUM_FEATURES))
    cell.set_weights([rng.normal(size=v.shape) for v in cell.weights])
    inputs = tf.constant(rng.normal(size=(BATCH, num_frames, NUM_FEATURES)), cell.compute_dtype)
    state = [tf.constant(rng.normal(size=(BATCH, UNITS)), cell.variable_dtype) for _ in cell.state_size]
    return inputs, tf.constant(rng.random((BATCH, num_frames)) < 0.7), state


def results(cell, execution, inputs, mask, state, reverse, keep=None):
    """Outputs, states, and the gradients of inputs, states and weights for one fixed loss."""
    sources = [inputs, *state, *(v.value for v in cell.trainable_variables)]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        if execution is inference:
            outputs, final = inference(cell, inputs, mask, state, reverse, keep)
        else:
            gates = tf.cast(cell.project(inputs), cell.variable_dtype)
            every = tf.ones(inputs.shape[:2], tf.bool) if mask is None else mask
            outputs, final = execution(cell, gates, every, state, reverse, keep)
        loss = tf.reduce_sum(tf.sin(outputs * tf.range(1, UNITS + 1, dtype=outputs.dtype)))
        loss += sum(tf.reduce_sum(s**2) for s in final)
    return [outputs, *final, *tape.gradient(loss, sources)]


def assert_equals_loop(cell, *given, rtol=1e-9, **options):
    received, expected = (results(cell, execution, *given, **options) for execution in (inference, loop))
    for r, e in zip(received, expected, strict=True):
        assert r.dtype == e.dtype
        np.testing.assert_allclose(tf.cast(r, tf.float64), tf.cast(e, tf.float64), rtol=rtol, atol=rtol)


@every_value(("name", "reverse"), itertools.product(CELLS, [False, True]))
def test_equals_the_loop_with_holes_in_the_mask(name, reverse):
    cell = CELLS[name](UNITS, dtype="float64")
    assert_equals_loop(cell, *problem(cell), reverse)


@pytest.mark.parametrize("num_frames", [FRAMES, FRAMES - 1])
def test_blocks_or_a_rest_alone_equal_the_loop_without_a_mask(num_frames):
    cell = LSTMCell(UNITS, dtype="float64")
    inputs, _, state = problem(cell, num_frames)
    assert_equals_loop(cell, inputs, None, state, True)


@pytest.mark.parametrize("num_frames", [MANY_ROWS // BATCH - 1, MANY_ROWS // BATCH])
def test_a_linear_cell_multiplies_by_gate_or_at_once(num_frames):
    cell = MinGRUCell(UNITS, dtype="float64")
    assert_equals_loop(cell, *problem(cell, num_frames), True)


@every_value(("name", "policy"), itertools.product(CELLS, ["mixed_bfloat16", "mixed_float16"]))
def test_mixed_precision_multiplies_in_the_compute_dtype_as_the_loop_does(name, policy):
    cell = CELLS[name](UNITS, dtype=policy)
    assert_equals_loop(cell, *problem(cell), False, rtol=1e-1 if policy == "mixed_bfloat16" else 2e-2)


@pytest.mark.parametrize("make_cell", [GRUCell, MinGRUCell])
def test_drops_what_the_loop_drops(make_cell):
    cell = make_cell(UNITS, dtype="float64")
    given = problem(cell)
    keep = tf.constant(np.random.default_rng(0).integers(0, 2, (BATCH, UNITS)), tf.float64)
    assert_equals_loop(cell, *given, False, keep=keep)


@pytest.mark.parametrize("make_cell", [GRUCell, MinGRUCell])
def test_without_biases_too(make_cell):
    cell = make_cell(UNITS, use_bias=False, dtype="float64")
    assert_equals_loop(cell, *problem(cell), False)


@cells
def test_a_saved_model_holds_plain_operations_for_any_size(name, tmp_path):
    layer = Recurrent(CELLS[name](UNITS), return_state=True)
    inputs, mask, _ = problem(layer.cell)
    module = tf.Module()
    module.weights = [v.value for v in layer.variables]
    specs = [tf.TensorSpec([None, None, NUM_FEATURES]), tf.TensorSpec([None, None], tf.bool)]
    module.serve = tf.function(lambda inputs, mask: layer(inputs, mask=mask), input_signature=specs, autograph=False)
    tf.saved_model.save(module, str(tmp_path))
    loaded = tf.saved_model.load(str(tmp_path))
    graph = loaded.serve.concrete_functions[0].graph.as_graph_def()
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    assert not [node.op for node in nodes if "Xla" in node.op or "_XlaMustCompile" in node.attr]
    assert layer.cell.is_linear or sum(node.op == "MatMul" for node in nodes) > FRAMES, "taken by `auto`"
    for batch, num_frames in ((BATCH, NUM_FRAMES), (1, 0), (0, NUM_FRAMES)):
        given = inputs[:batch, :num_frames], mask[:batch, :num_frames]
        for r, e in zip(
            loaded.serve(*given), Recurrent(layer.cell, "loop", return_state=True)(given[0], mask=given[1])
        ):
            np.testing.assert_allclose(r, e, atol=1e-6)


@pytest.mark.parametrize(
    "make_cell",
    [
        lambda: MinGRUCell(2, layer_norm=True),
        lambda: GRUCell(2, reset_after=False),
        lambda: LSTMCell(2, layer_norm=True),
        lambda: LSTMCell(2, activation="relu"),
        lambda: type("OtherCell", (LSTMCell,), {})(2),
    ],
)
def test_what_has_other_equations_is_refused(make_cell):
    assert not can_infer(make_cell())
    with pytest.raises(ValueError, match="inference.*Use execution='loop'"):
        inference(make_cell(), None, None, None)
