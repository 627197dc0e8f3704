"""How cells begin: which gates start open or shut, and that an extreme gate holds or replaces the state exactly."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn.cells import GRUCell, LRUCell, LSTMCell, MinGRUCell, MinLSTMCell, RGLRUCell, SimpleCell, SRUCell

UNITS = 3


def initial_bias(cell):
    """`[G, H]`"""
    cell.build((None, 2))
    return cell.bias.numpy().reshape(cell.num_gates, UNITS)


def test_lstm_starts_with_an_open_forget_gate():
    np.testing.assert_array_equal(initial_bias(LSTMCell(UNITS)), np.outer([0, 1, 0, 0], np.ones(UNITS)))
    assert not initial_bias(LSTMCell(UNITS, unit_forget_bias=False)).any()


def test_lstm_keeps_the_other_biases_of_the_initializer_as_keras_does():
    bias = initial_bias(LSTMCell(UNITS, bias_initializer=lambda shape, dtype=None: tf.fill(shape, 5.0)))
    np.testing.assert_array_equal(bias[:, 0], [5, 1, 5, 5])


def test_lru_starts_on_a_ring_of_its_radii_and_writes_less_where_it_remembers_longer():
    cell = LRUCell(50, min_radius=0.5, max_radius=0.9, max_phase=1.0)
    cell.build((None, 1))
    gates = tf.split(cell.project(tf.ones([1, 1])), 2, axis=-1)
    decay = cell.linear(gates, *cell.parameters)[0][0].numpy()
    radius = np.abs(decay)
    np.testing.assert_allclose([radius.min(), radius.max()], [0.5, 0.9], rtol=1e-5)
    assert np.angle(decay).min() >= 0 and np.angle(decay).max() <= 1 and np.angle(decay).std() > 0.2
    np.testing.assert_allclose(np.exp(cell.gamma.numpy()), np.sqrt(1 - radius**2), rtol=1e-4)


@pytest.mark.parametrize("options", [{"min_radius": 0}, {"max_radius": 1.0}, {"min_radius": 0.9, "max_radius": 0.5}])
def test_lru_refuses_radii_outside_of_the_unit_circle(options):
    with pytest.raises(ValueError, match="Expected 0 < min_radius <= max_radius < 1. Received"):
        LRUCell(2, **options)


def test_lru_refuses_phases_beyond_a_turn():
    with pytest.raises(ValueError, match="max_phase <= 2 pi. Received: max_phase=7"):
        LRUCell(2, max_phase=7)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (MinGRUCell(UNITS), [-1, 0]), (MinGRUCell(UNITS, update_bias=-3.0), [-3, 0]), (MinLSTMCell(UNITS), [1, 0, 0]),
        (SRUCell(UNITS, forget_bias=2.0), [2, 0, 0, 0]), (GRUCell(UNITS), [0, 0, 0]), (SimpleCell(UNITS), [0]),
    ],
    ids=lambda value: getattr(value, "name", None),
)  # fmt: skip
def test_first_gate_starts_where_it_is_told(cell, expected):
    np.testing.assert_array_equal(initial_bias(cell), np.outer(expected, np.ones(UNITS)))


def test_min_gru_starts_with_a_memory_of_four_frames():
    """Without input, what was written fades by sigmoid(1) a frame: 1 / (1 - sigmoid(1)) = 3.7 frames on average."""
    cell = MinGRUCell(UNITS)
    initial_bias(cell)
    a, _ = cell.linear(tf.split(cell.project(tf.zeros([1, 2])), 2, axis=-1))
    np.testing.assert_allclose(1 / (1 - a), 1 + np.e, rtol=1e-5)


def test_rg_lru_starts_with_radii_spread_between_its_bounds():
    cell = RGLRUCell(5, min_radius=0.9, max_radius=0.98)
    cell.build((None, 2))
    wide_open = [tf.fill([1, 5], 40.0), tf.zeros([1, 5]), tf.zeros([1, 5])]
    np.testing.assert_allclose(cell.linear(wide_open, *cell.parameters)[0][0], [0.9, 0.92, 0.94, 0.96, 0.98], rtol=1e-5)


@pytest.mark.parametrize("radii", [(0.0, 0.9), (0.9, 0.9), (0.5, 1.0)])
def test_rg_lru_refuses_radii_outside_of_the_unit_circle(radii):
    with pytest.raises(ValueError, match="0 < min_radius < max_radius < 1. Received"):
        RGLRUCell(UNITS, *radii)


@pytest.mark.parametrize(
    ("cell", "shut"),
    [(MinGRUCell(UNITS), [-40, 7]), (MinLSTMCell(UNITS), [40, -80, 7]), (SRUCell(UNITS), [40, 0, 7, 7])],
    ids=["min_gru", "min_lstm", "sru"],
)
def test_a_shut_gate_holds_the_state_for_ever(cell, shut):
    """1 - sigmoid(z) would lose a bit a frame; sigmoid(-z) does not."""
    gates = tf.repeat(tf.constant([shut], tf.float32), UNITS, axis=1)
    state = [tf.constant([[0.1, -3.0, 1e-6]])]
    for _ in range(1000):
        _, state = cell.step(gates, state)
    np.testing.assert_allclose(state[0], [[0.1, -3.0, 1e-6]], rtol=1e-6)


def test_gru_takes_its_candidate_whole_where_the_update_gate_is_shut():
    cell = GRUCell(UNITS)
    initial_bias(cell)
    gates = tf.repeat(tf.constant([[-40.0, -40.0, 0.5]]), UNITS, axis=1)
    output, _ = cell.step(gates, [tf.fill([1, UNITS], 9.0)])
    np.testing.assert_allclose(output, np.full([1, UNITS], np.tanh(0.5)), rtol=1e-5)
