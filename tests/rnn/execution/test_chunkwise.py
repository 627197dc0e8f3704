"""The chunkwise execution is the loop: several heads, any number of chunks, holes in the mask, extreme decays."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS, GatedDeltaCell, LSTMCell, Mamba2Cell
from seqapp.rnn.execution import chunkwise, loop
from tests.pairwise import every_value, mostly_slow

UNITS, NUM_FEATURES, BATCH, CHUNK = 6, 3, 3, 4
NAMES = ("mamba2", "gated_delta")
names = pytest.mark.parametrize("name", mostly_slow(NAMES, ["gated_delta"]))  # which has all that the other has


def make(name, dtype="float64", **options):
    """A cell of random weights with three heads of two units, unless told otherwise."""
    cell = CELLS[name](**{"units": UNITS, "key_size": 5, "num_heads": 3, "dtype": dtype, **options})
    cell.build((None, NUM_FEATURES))
    rng = np.random.default_rng(1)
    cell.set_weights([rng.normal(scale=0.7, size=v.shape) for v in cell.weights])
    return cell


def problem(cell, num_frames):
    """Gates, a mask with holes, a state, and recurrent dropout."""
    rng = np.random.default_rng(num_frames)
    inputs = tf.constant(rng.normal(size=(BATCH, num_frames, NUM_FEATURES)), cell.compute_dtype)
    state = [tf.constant(rng.normal(size=(BATCH, size)), cell.variable_dtype) for size in cell.state_size]
    keep = tf.constant(rng.integers(0, 2, (BATCH, UNITS)) * 2.0, cell.variable_dtype)
    return inputs, tf.constant(rng.random((BATCH, num_frames)) < 0.7), state, keep


def results(run, cell, inputs, mask, state, keep, reverse):
    """Outputs, states and gradients of inputs, states and weights."""
    sources = [inputs, *state, *(v.value for v in cell.trainable_variables)]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        outputs, final = run(cell, cell.project(inputs), mask, state, reverse, keep)
        loss = tf.reduce_sum(tf.sin(outputs * tf.range(1, UNITS + 1, dtype=outputs.dtype)))
        loss += sum(tf.reduce_sum(s**2) for s in final)
    return [outputs, *final, *tape.gradient(loss, sources, unconnected_gradients="zero")]


@every_value(
    ("name", "num_frames", "reverse"), itertools.product(NAMES, [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK - 1], [False, True])
)
def test_equals_the_loop_in_float64(name, num_frames, reverse, monkeypatch):
    monkeypatch.setitem(chunkwise.__globals__, "CHUNK", CHUNK)  # the package gives the module's name to the function
    cell = make(name)
    given = problem(cell, num_frames)
    received, expected = (results(run, cell, *given, reverse) for run in (chunkwise, loop))
    for r, e in zip(received, expected, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-9, atol=1e-10)


@names
@pytest.mark.parametrize("decay_bias", [-30.0, 60.0], ids=["forgets nothing", "forgets everything"])
def test_extreme_decays_stay_close_to_the_loop_in_float64(name, decay_bias):
    """Frames of one and the same key, too, where powers of the delta rule's matrix would grow beyond all bounds."""
    weights = [0.1 * w for w in make(name).get_weights()]
    start = 2 * UNITS + 2 * 5
    weights[1][2 * UNITS : start] = 1.0  # keys and queries
    weights[1][start::2] = decay_bias  # heads of every other one
    weights[1][start + 3 :] = 3.0  # strengths
    outputs = {}
    for dtype, run in (("float64", loop), ("float32", chunkwise)):
        cell = make(name, dtype)
        cell.set_weights(weights)
        inputs = tf.constant(np.random.default_rng(0).normal(size=(1, 100, NUM_FEATURES)), dtype)
        state = cell.get_initial_state(1)
        outputs[dtype] = run(cell, cell.project(inputs), tf.ones([1, 100], tf.bool), state)[0].numpy()
    assert np.isfinite(outputs["float32"]).all()
    np.testing.assert_allclose(outputs["float32"], outputs["float64"], rtol=0, atol=2e-4)


def largest(cell, num_frames):
    """Numbers in the largest tensor of the graph of a forward and a backward pass over one row."""

    @tf.function(autograph=False)
    def gradient(inputs):
        mask = tf.ones([1, num_frames], tf.bool)
        return tf.gradients(chunkwise(cell, cell.project(inputs), mask, cell.get_initial_state(1))[0], inputs)

    graph = gradient.get_concrete_function(tf.TensorSpec([1, num_frames, NUM_FEATURES], cell.dtype)).graph
    shapes = [output.shape for operation in graph.get_operations() for output in operation.outputs]
    return max(shape.num_elements() or 0 for shape in shapes)


@names
def test_memory_grows_as_the_number_of_frames_does(name):
    cell = make(name)
    assert largest(cell, 1280) <= 4.5 * largest(cell, 320)


@names
def test_a_saved_model_needs_tensorflow_alone(name, tmp_path):
    layer = Recurrent(make(name, "float32"), return_state=True)
    model = tf.Module()
    model.weights = [v.value for v in layer.cell.variables]
    signature = [tf.TensorSpec([None, None, NUM_FEATURES]), tf.TensorSpec([None, *layer.cell.state_size])]
    run = tf.function(lambda inputs, state: layer(inputs, initial_state=[state]), input_signature=signature)
    model.run = run
    tf.saved_model.save(model, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    inputs, _, (state,), _ = problem(layer.cell, 50)
    for received, expected in zip(loaded.run(inputs, state), layer(inputs, initial_state=[state]), strict=True):
        np.testing.assert_allclose(received, expected, atol=1e-5)


def test_other_cells_are_refused_with_the_way_out():
    with pytest.raises(ValueError, match="chunkwise.*matrix for a state.*LSTMCell.*auto"):
        chunkwise(LSTMCell(2), None, None, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"key_size": 0}, "key_size must be a positive integer. Received: key_size=0"),
        ({"num_heads": 1.5}, "num_heads must be a positive integer"),
        ({"num_heads": 4}, "units must be a multiple of num_heads. Received: units=6, num_heads=4"),
        ({"memory": (8, 2)}, r"1 <= shortest <= longest. Received: \(8, 2\)"),
    ],
)
def test_sizes_that_do_not_fit_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        make("mamba2", **options)


def test_heads_have_some_dozens_of_units_where_these_can_be_cut_so():
    assert [Mamba2Cell(units).num_heads for units in (192, 128, 96, 100, 24, 97)] == [6, 4, 3, 2, 1, 1]


def test_heads_start_with_memories_between_the_two_that_are_asked_for():
    cell = GatedDeltaCell(6, num_heads=3, key_size=2, memory=(2, 32))
    cell.build((None, 1))
    cell.kernel.assign(tf.zeros_like(cell.kernel))
    decays = tf.exp(cell.associations(cell.project(tf.zeros([1, 1]))).log_decay)[0]
    np.testing.assert_allclose(decays, np.exp([-1 / 2, -1 / 8, -1 / 32]), rtol=1e-6)
