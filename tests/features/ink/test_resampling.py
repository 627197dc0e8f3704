import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.features.ink.resampling import resample
from seqapp.features.ink.strokes import find_strokes

NO_LIMIT = 10**6


@tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32), tf.TensorSpec([], tf.float64)])
def resampled_by(points, step):
    return resample(tf.cast(points[:, :3], tf.float64), find_strokes(points[:, 3]), step, NO_LIMIT)


def reference(points, step):
    """Stroke by stroke with np.interp over the cumulative length."""
    strokes = np.split(points.astype(np.float64), np.flatnonzero(points[:-1, 3] > 0.5) + 1)
    rows = []
    for stroke in strokes:
        way = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(stroke[:, :2], axis=0), axis=1)))
        count = max(1, math.ceil(way[-1] / step - 1e-6)) if way[-1] > 0 else 0
        goal = np.linspace(0.0, way[-1], count + 1)
        rows.append(np.column_stack([np.interp(goal, way, stroke[:, c]) for c in range(3)]))
    return np.concatenate(rows)


def test_a_polyline_gives_its_length_over_the_step(ink):
    points = ink([[0, 0], [3, 4]], [[9, 9]], [[0, 0], [0, 1.01]], [[5, 5], [5, 5.2]])
    result = resampled_by(points, 0.5)
    assert np.bincount(result.stroke_ids).tolist() == [11, 1, 4, 2]
    np.testing.assert_array_equal(np.flatnonzero(result.is_first), [0, 11, 12, 16])
    np.testing.assert_array_equal(np.flatnonzero(result.is_last), [10, 11, 15, 17])


def test_points_are_equidistant_along_a_straight_stroke(ink):
    points = ink([[0, 0], [0.3, 0], [0.31, 0], [5, 0]])
    gaps = np.diff(resampled_by(points, 0.7).positions[:, 0])
    np.testing.assert_allclose(gaps, 5 / 8, rtol=1e-6)


def test_end_points_are_kept_with_place_and_time(cursive):
    points = cursive(500, 7)
    result = resampled_by(points, 3.0)
    ends = np.flatnonzero(points[:, 3])
    np.testing.assert_array_equal(result.positions.numpy()[result.is_last.numpy()], points[ends, :3])
    starts = np.append(0, ends[:-1] + 1)
    np.testing.assert_array_equal(result.positions.numpy()[result.is_first.numpy()], points[starts, :3])


def test_equals_numpy_interpolation_on_writing(cursive):
    points = cursive(3000, 25)
    np.testing.assert_allclose(resampled_by(points, 1.7).positions, reference(points, 1.7), atol=1e-9)


coordinates = st.integers(-50, 50).map(lambda n: n / 4)
strokes = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8, unique=True), min_size=1, max_size=5
)


@settings(max_examples=60, deadline=None)
@given(strokes, st.floats(0.05, 5.0))
def test_equals_numpy_interpolation_on_any_strokes(ink, strokes, step):
    points = ink(*strokes)
    result, expected = resampled_by(points, step), reference(points, step)
    np.testing.assert_allclose(result.positions, expected, atol=1e-6)
    inside = np.flatnonzero(~result.is_first.numpy())
    chords = np.linalg.norm(np.diff(expected[:, :2], axis=0), axis=1)
    assert (chords[inside - 1] <= step * (1 + 1e-5)).all()


def test_repeated_points_change_nothing_but_time(ink):
    stroke = np.array([[0, 0], [2, 0], [2, 3], [4, 4]])
    plain, stuttered = ink(stroke), ink(np.repeat(stroke, 3, axis=0))
    result = resampled_by(stuttered, 0.3).positions.numpy()
    np.testing.assert_allclose(result[:, :2], resampled_by(plain, 0.3).positions.numpy()[:, :2], atol=1e-9)
    assert (np.diff(result[:, 2]) >= 0).all() and result[-1, 2] == stuttered[-1, 2]


def test_a_dot_is_one_point_however_long_it_is_pressed(ink):
    result = resampled_by(ink([[1, 2]] * 40), 0.5)
    np.testing.assert_array_equal(result.positions, [[1, 2, 0]])


def test_no_points_stay_none():
    assert resampled_by(tf.zeros([0, 4]), 0.5).positions.shape == (0, 3)


def test_a_stroke_does_not_know_its_neighbours(ink, cursive):
    alone = cursive(400, 1)
    among = np.concatenate([ink([[1, 2], [77, 3]], [[5, 5]]), alone, ink([[900, 1], [901, 2]])])
    result = resampled_by(among, 2.0)
    inside = result.stroke_ids.numpy() == 2
    np.testing.assert_allclose(result.positions.numpy()[inside], resampled_by(alone, 2.0).positions, atol=1e-9)


@pytest.mark.parametrize("max_points", [50, 500])
def test_scribbles_take_longer_steps_instead_of_all_memory(cursive, max_points):
    points = cursive(2000, 20)
    strokes = find_strokes(points[:, 3])
    result = resample(tf.constant(points[:, :3], tf.float64), strokes, 1e-4, max_points)
    assert 0.9 * max_points <= len(result.is_first) <= max_points + 2 * 20
