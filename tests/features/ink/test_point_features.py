import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from seqapp.features.ink.point_features import point_features, soft_limit
from seqapp.features.ink.resampling import Resampled


@pytest.fixture
def two_strokes():
    """An upright stroke of three points, then a dot 2 to the right, 0.3 s later."""
    positions = tf.constant([[5, 5, 0], [5, 5.5, 0.01], [5, 6, 0.03], [7, 6, 0.33]], tf.float64)
    first, last = tf.constant([True, False, False, True]), tf.constant([False, False, True, True])
    return Resampled(positions, tf.constant([0, 0, 0, 1]), first, last)


def test_five_features_of_two_strokes(two_strokes):
    jump = 1 + math.log(4)
    times = [0, math.log(2), math.log(3), math.log(31)]
    expected = [[0, 0, times[0], 1, 1], [0, 1, times[1], 1, 0], [0, 1, times[2], 0, 0], [jump, 0, times[3], 0, 1]]
    np.testing.assert_allclose(point_features(two_strokes, 0.5), expected, rtol=1e-5, atol=1e-7)


def test_a_clock_that_runs_backwards_counts_as_standing(two_strokes):
    backwards = two_strokes._replace(positions=two_strokes.positions * [1.0, 1.0, -1.0])
    np.testing.assert_array_equal(point_features(backwards, 0.5)[:, 2], np.zeros(4))


@given(st.floats(-1e4, 1e4))
def test_soft_limit_is_odd_and_the_identity_inside_one(x):
    y = float(soft_limit(tf.constant(x, tf.float64)))
    assert y == -float(soft_limit(tf.constant(-x, tf.float64)))
    assert y == x if abs(x) <= 1 else abs(y) == pytest.approx(1 + math.log(abs(x)))


def test_soft_limit_is_smooth_and_growing():
    x = tf.linspace(tf.constant(-50.0, tf.float64), 50.0, 20_001)
    slopes = np.diff(soft_limit(x)) / np.diff(x)
    assert slopes.min() > 0 and np.abs(np.diff(slopes)).max() < 0.01
