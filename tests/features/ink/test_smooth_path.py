"""Long segments lie on the centripetal curve of Barry and Goldman's pyramid, written in NumPy; short ones stay."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.features import frame_of_point, ink_features
from seqapp.features.ink.smooth_path import LONGEST, MOST_PIECES, smooth_path
from seqapp.features.ink.strokes import find_strokes
from seqapp.recipe import InkConfig, Recipe

STRAIGHT = InkConfig(height="spread", include_y=True)
SMOOTH = dataclasses.replace(STRAIGHT, path="smooth")


def smooth(positions, flags):
    path, strokes = smooth_path(tf.constant(positions, tf.float64), find_strokes(tf.constant(flags, tf.float32)))
    return path.numpy(), strokes


def pyramid(p, share):
    """The point at a share of the segment from p[1] to p[2], by Barry and Goldman's linear interpolations."""
    knots = np.append(0.0, np.cumsum(np.sqrt(np.linalg.norm(np.diff(p, axis=0), axis=1))))
    t = knots[1] + share * (knots[2] - knots[1])

    def between(a, b, low, high):
        return ((high - t) * a + (t - low) * b) / (high - low)

    first = [between(p[k], p[k + 1], knots[k], knots[k + 1]) for k in range(3)]
    second = [between(first[k], first[k + 1], knots[k], knots[k + 2]) for k in range(2)]
    return between(*second, knots[1], knots[2])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=8), st.integers(0, 1))
def test_long_segments_lie_on_the_curve(points, lifts):
    xy = np.array([p for k, p in enumerate(points) if k == 0 or p != points[k - 1]], float) * 0.13
    cut = len(xy) // 2
    flags = np.zeros(len(xy))
    flags[-1] = 1.0
    if lifts and cut > 0:
        flags[cut - 1] = 1.0
    positions = np.column_stack([xy, np.arange(len(xy))])
    path, strokes = smooth(positions, flags)
    expected = []
    for stroke in np.split(positions, np.flatnonzero(flags[:-1]) + 1):
        ends = np.vstack([2 * stroke[0] - stroke[min(1, len(stroke) - 1)], stroke])
        ends = np.vstack([ends, 2 * stroke[-1] - stroke[-min(2, len(stroke))]])
        for k in range(len(stroke) - 1):
            length = np.linalg.norm(stroke[k + 1, :2] - stroke[k, :2])
            pieces = min(MOST_PIECES, int(np.ceil(length / LONGEST)))
            for place in range(pieces):
                xy = pyramid(ends[k : k + 4, :2], place / pieces)
                expected.append([*xy, stroke[k, 2] + place / pieces])
        expected.append(stroke[-1])
    np.testing.assert_allclose(path, expected, atol=1e-9)
    assert int(strokes.count) == 1 + int(flags[:-1].sum())


def test_dense_ink_stays_as_it_is():
    positions = np.column_stack([np.arange(50) * LONGEST * 0.9, np.zeros(50), np.arange(50)])
    path, _ = smooth(positions, np.arange(50) == 49)
    np.testing.assert_array_equal(path, positions)


def test_few_points_of_a_circle_are_nearly_a_circle():
    angle = np.linspace(0, 2 * np.pi, 9)
    path, _ = smooth(np.column_stack([np.cos(angle), np.sin(angle)]), angle == angle[-1])
    inner = np.abs(np.linalg.norm(path, axis=1) - 1)[8:-8]  # the ends know but one side
    assert inner.max() < 0.01 < 1 - np.cos(np.pi / 8)  # as far as chords are


@pytest.mark.parametrize("repeats", [1, 3])
def test_points_that_repeat_each_other_stay_finite(repeats):
    positions = np.repeat([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]], repeats, axis=0)
    path, _ = smooth(positions, np.arange(len(positions)) == len(positions) - 1)
    assert np.isfinite(path).all() and len(path) > len(positions)


@pytest.mark.parametrize("strokes", [[], [[[3, 4]]], [[[1, 1]], [[5, 5]]], [[[0, 0], [9, 9]]]])
def test_inks_of_few_points_have_features(ink, strokes):
    points = ink(*strokes)
    found = ink_features(tf.constant(points), SMOOTH).numpy()
    np.testing.assert_allclose(found, ink_features(tf.constant(points), STRAIGHT), atol=1e-5)


def test_the_way_along_few_points_of_a_wave_is_nearly_that_along_many():
    def wave(num_points):
        phase = np.linspace(0, 20 * np.pi, num_points)
        return np.column_stack([0.2 * phase, 0.3 * np.sin(phase)])

    def length(positions):
        return np.linalg.norm(np.diff(positions, axis=0), axis=1).sum()

    few = wave(61)
    path, _ = smooth(few, np.arange(61) == 60)
    assert abs(length(path) - length(wave(4001))) < 0.6 * abs(length(few) - length(wave(4001)))


def test_raw_points_find_their_frames(cursive):
    few = cursive(num_points=300, num_strokes=5, num_loops=30)
    frames = frame_of_point(tf.constant(few), SMOOTH).numpy()
    features = ink_features(tf.constant(few), SMOOTH).numpy()
    assert (np.diff(frames) >= 0).all() and frames[0] == 0 and frames[-1] == len(features) - 1
    begins = np.flatnonzero(features[:, 4] > 0.5)  # first rows of strokes
    np.testing.assert_array_equal(frames[np.append(0, np.flatnonzero(few[:-1, 3] > 0.5) + 1)], begins)


def test_a_recipe_names_what_there_is():
    with pytest.raises(ValueError, match="features.path"):
        Recipe(features=InkConfig(path="crooked"))
