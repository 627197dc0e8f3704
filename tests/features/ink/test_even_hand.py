"""Lines under the writing change nothing; slants beyond the usual come back; ordinary writing passes."""

import dataclasses
import functools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.conditions.ink.corrections import strike_through, underline
from seqapp.conditions.ink.hand import rotate, slant
from seqapp.features import frame_of_point, ink_features
from seqapp.features.ink.even_hand import MOST_LINES, SLANTS, slant_of, without_lines
from seqapp.features.ink.strokes import find_strokes
from seqapp.recipe import InkConfig, Recipe

AS_WRITTEN = InkConfig(height="spread", include_y=True)
EVEN = dataclasses.replace(AS_WRITTEN, hand="even")


@pytest.fixture
def writing(ink):
    """Zigzags like print letters, four a word, leaning as much as most writing does."""
    letters = []
    for word in range(5):
        for letter in range(4):
            x, tall = 60 * word + 11 * letter, 20 if letter == 1 else 10
            letters.append([[x + 2, -tall], [x, 0], [x + 4, -10], [x + 3, 0], [x + 7, -4]])
    return ink(*letters)


def added(points, *strokes):
    rows = [points]
    for stroke in strokes:
        stroke = np.asarray(stroke, np.float32)
        times = rows[-1][-1, 2] + 0.3 + 0.01 * np.arange(len(stroke))
        rows.append(np.column_stack([stroke, times, np.arange(len(stroke)) == len(stroke) - 1]))
    return np.concatenate(rows).astype(np.float32)


@functools.cache
def compiled(config):
    return tf.function(lambda points: ink_features(points, config), [tf.TensorSpec([None, 4], tf.float32)])


def features(points, config=EVEN):
    return compiled(config)(tf.constant(points)).numpy()


def test_ordinary_writing_passes_as_it_is(writing, cursive):
    for points in (writing, slant(tf.constant(cursive()), -0.3).numpy()):
        np.testing.assert_array_equal(features(points), features(points, AS_WRITTEN))


@pytest.mark.parametrize("degrees", [0.0, 15.0, -15.0])
@pytest.mark.parametrize("gap", [0.03, 0.2])
@pytest.mark.parametrize("seed", range(2))
def test_a_line_under_the_writing_changes_nothing(writing, degrees, gap, seed):
    turned = rotate(tf.constant(writing), degrees).numpy()
    lined = rotate(underline(tf.constant(writing), [seed, 1], gap), degrees).numpy()
    assert len(lined) > len(turned)
    np.testing.assert_allclose(features(lined), features(turned), atol=1e-4)


def test_lines_under_words_and_two_under_all_change_nothing(writing):
    words = added(writing, *([[60 * word, 3], [60 * word + 40, 4]] for word in range(5)))
    double = added(writing, [[290, 4], [0, 3]], [[0, 6], [290, 7]])
    first = np.concatenate([added(writing, [[0, 4], [290, 4]])[-2:], writing])
    for points in (words, double):
        np.testing.assert_allclose(features(points), features(writing), atol=1e-5)
    # Times are those since the first point of what is read.
    np.testing.assert_allclose(features(first)[:, :2], features(writing)[:, :2], atol=1e-5)


def test_a_line_over_the_writing_changes_nothing(writing):
    np.testing.assert_allclose(features(added(writing, [[0, -26], [290, -25]])), features(writing), atol=1e-5)


@pytest.mark.parametrize(
    "stroke",
    [
        [[20, -5], [32, -5]],  # a dash between words
        [[300, 2], [340, 2]],  # an underscore behind them
        [[10, -16], [24, -15]],  # a bar of a t
        [[0, 30], [40, -40]],  # a slash
        [[0, 4], [0, 4]],  # a dot
        [[10, 3], [16, 5], [12, 8], [4, 6]],  # a tail
    ],
)
def test_strokes_of_the_writing_stay(writing, stroke):
    points = added(writing, stroke)
    np.testing.assert_array_equal(without_lines(tf.constant(points)), points)


def test_a_line_through_the_writing_stays(writing):
    points = strike_through(tf.constant(writing), [1, 2], 0.0).numpy()
    np.testing.assert_array_equal(without_lines(tf.constant(points)), points)


@pytest.mark.parametrize(
    "strokes", [[], [[[3, 4]]], [[[0, 0], [100, 0]]], [[[0, 0], [90, 1]], [[0, 9], [90, 9]]], [[[1, 1]], [[5, 5]]]]
)
def test_inks_without_writing_stay(ink, strokes):
    points = ink(*strokes)
    np.testing.assert_array_equal(features(points), features(points, AS_WRITTEN))


@settings(deadline=None, max_examples=25)
@given(shear=st.floats(-1.5, 1.5))
def test_shears_beyond_the_usual_are_all_the_same(shear):
    y = np.tile([-20.0, 0.0, -10.0, 0.0], 100)
    points = np.zeros((400, 4), np.float32)
    points[:, 0], points[:, 1] = np.arange(400) * 4.0, y
    points[3::4, 3] = 1.0
    upright = points.copy()
    upright[:, 0] -= float(own_slant(points)) * y
    assert abs(own_slant(upright)) < 1e-6
    nearest = slant(tf.constant(upright), float(np.clip(shear, *SLANTS)))
    sheared = slant(tf.constant(upright), shear)
    np.testing.assert_allclose(
        ink_features(sheared, EVEN), ink_features(nearest, EVEN), atol=0.02
    )  # a shear turns the fitted line a little


def own_slant(points):
    return slant_of(tf.constant(points[:, :2], tf.float64), find_strokes(points[:, 3]))


def test_a_slash_alone_keeps_its_slant(ink):
    for shape in ([[10, 0], [0, 30]], [[0, 0], [10, 30]]):
        points = ink(shape)
        np.testing.assert_array_equal(features(points), features(points, AS_WRITTEN))


def test_points_of_a_line_go_where_the_one_before_them_went(writing):
    points = added(writing, [[0, 4], [150, 4], [290, 4]])
    frames = frame_of_point(tf.constant(points), EVEN).numpy()
    np.testing.assert_array_equal(frames[: len(writing)], frame_of_point(tf.constant(writing), EVEN))
    assert (frames[len(writing) :] == frames[len(writing) - 1]).all()
    before = np.concatenate([points[-3:], writing])
    frames = frame_of_point(tf.constant(before), EVEN).numpy()
    assert (frames[:4] == 0).all() and frames[-1] == len(features(writing)) - 1


def test_so_many_lines_at_most_are_looked_at(writing):
    many = added(writing, *([[0, 4 + k], [290, 4 + k]] for k in range(MOST_LINES + 8)))
    assert len(without_lines(tf.constant(many))) == len(writing) + 8 * 2


def test_a_recipe_names_what_there_is():
    with pytest.raises(ValueError, match="features.hand"):
        Recipe(features=InkConfig(hand="odd"))
