"""Two replicas learn what one learns, and XLA compiles every execution."""

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS
from seqapp.rnn.execution import legal_executions
from tests.pairwise import every_value
from tests.rnn import replicas

UNITS, NUM_FEATURES = 3, 2
LEGAL = [(name, execution) for name, make_cell in CELLS.items() for execution in legal_executions(make_cell(1))]
# One cell of each kind for every execution: compiling them all would take minutes.
KINDS = {(execution, CELLS[name](1).is_linear): (name, execution) for name, execution in reversed(LEGAL)}.values()


@pytest.mark.slow
def test_two_replicas_learn_what_one_learns(tmp_path, warm_python):
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(Path(__file__).parents[2])}
    with warm_python.start([replicas.__file__, tmp_path / "mirrored.npz"], environment) as process:
        expected = replicas.train(tf.distribute.get_strategy())
        _, log = process.communicate(timeout=300)
    assert process.returncode == 0, log
    received = np.load(tmp_path / "mirrored.npz")
    assert set(received.files) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(received[name], value, rtol=1e-4, atol=1e-6, err_msg=name)


def make_layer(name, execution, reverse=False):
    layer = Recurrent(CELLS[name](UNITS), execution, return_state=True, go_backwards=reverse)
    layer.build((None, None, NUM_FEATURES))
    rng = np.random.default_rng(1)
    layer.set_weights([rng.normal(scale=0.5, size=v.shape) for v in layer.variables])
    return layer


def problem(layer, num_frames):
    rng = np.random.default_rng(2)
    inputs = tf.constant(rng.normal(size=(2, num_frames, NUM_FEATURES)), tf.float32)
    state = [tf.constant(rng.normal(size=(2, size)), tf.float32) for size in layer.cell.state_size]
    return inputs, state, tf.sequence_mask([num_frames, num_frames // 2], num_frames)


def results(layer, inputs, state, mask):
    """Outputs, states, and gradients of inputs, states and weights."""
    with tf.GradientTape() as tape:
        tape.watch([inputs, *state])
        outputs, *final = layer(inputs, initial_state=state, mask=mask, training=True)
        loss = tf.reduce_sum(tf.sin(outputs)) + sum(tf.reduce_sum(s**2) for s in final)
    sources = [inputs, *state, *(v.value for v in layer.trainable_variables)]
    return [outputs, *final, *tape.gradient(loss, sources, unconnected_gradients="zero")]


def assert_close(received, expected):
    for r, e in zip(received, expected, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-5, atol=1e-5)


@every_value(("kind", "reverse"), itertools.product(KINDS, [False, True]))
def test_xla_compiles_forward_and_backward_pass(kind, reverse):
    name, execution = kind
    layer = make_layer(name, execution, reverse)
    given = problem(layer, 5)
    compiled = tf.function(lambda *given: results(layer, *given), jit_compile=True, autograph=False)
    assert_close(compiled(*given), results(make_layer(name, "loop", reverse), *given))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "execution"), KINDS)
def test_xla_compiles_no_frame_where_the_graph_knows_no_length(name, execution):
    layer = make_layer(name, execution)
    known = 0 if execution == "unrolled" else None  # which needs a known T, and says so
    state = [tf.TensorSpec([None, size]) for size in layer.cell.state_size]
    specs = [tf.TensorSpec([None, known, NUM_FEATURES]), state, tf.TensorSpec([None, known], tf.bool)]
    compiled = tf.function(
        lambda *given: results(layer, *given), input_signature=specs, jit_compile=True, autograph=False
    )
    given = problem(layer, 0)
    assert_close(compiled(*given), results(layer, *given))


@every_value(("kind", "reverse"), itertools.product(KINDS, [False, True]))
def test_nothing_and_one_frame_have_gradients_too(kind, reverse):
    layer = make_layer(*kind, reverse)
    inputs, state, mask = problem(layer, 0)
    outputs, *rest = results(layer, inputs, state, mask)
    assert outputs.shape == (2, 0, UNITS)
    # What comes out is what went in: the loss is the sum of its squares, and no weight counts.
    nothing = [tf.zeros_like(v) for v in layer.trainable_variables]
    assert_close(rest, [*state, inputs, *(2 * s for s in state), *nothing])

    inputs, state, _ = problem(layer, 1)
    received = results(layer, inputs, state, tf.ones([2, 1], tf.bool))
    output, final = layer.cell(inputs[:, 0], state)
    assert_close(received[: 1 + len(state)], [output[:, tf.newaxis], *final])
