"""Every raw point finds the frame that it went into, by a second way from ink to rows written in NumPy."""

import functools
import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.features import frame_of_point, ink_features
from seqapp.recipe import InkConfig

POINTS = InkConfig(kind="points", height="bounding_box", step=0.05)
CURVES = InkConfig(kind="curves", height="bounding_box", step=0.05, curve_error=0.001)


@functools.cache
def compiled(config):
    """(features, frames) of one ink of unknown length."""

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
    def both(points):
        return ink_features(points, config), frame_of_point(points, config)

    return lambda points: tuple(tensor.numpy() for tensor in both(points))


def strokes_of(points):
    return np.split(points[:, :2].astype(np.float64), np.flatnonzero(points[:-1, 3] > 0.5) + 1)


def rows_by_numpy(points, step):
    """For each raw point the exact place, in rows, where it lies among the equidistant rows of its stroke."""
    places, first_row = [], 0
    for stroke in strokes_of(points):
        way = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1)))
        intervals = max(1, math.ceil(way[-1] / step - 1e-6)) if way[-1] > 0 else 0
        places.append(first_row + way * intervals / max(way[-1], 1e-12))
        first_row += intervals + 1
    return np.concatenate(places), first_row


def box_height(points):
    """What `features.height = bounding_box` makes 1 (Carbune et al.), for inks that are no dashes."""
    return 1.2 * np.ptp(points[:, 1].astype(np.float64))


quarters = st.integers(-40, 40).map(lambda n: n / 4)
corner_rows = st.lists(st.tuples(quarters, quarters), min_size=1, max_size=6, unique=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(corner_rows, min_size=1, max_size=4))
def test_points_go_into_the_last_row_that_they_have_reached(ink, strokes):
    points = ink([[0, 0], [1, 10]], *strokes)  # the first stroke gives every ink a height
    features, frames = compiled(POINTS)(points)
    places, num_rows = rows_by_numpy(points, 0.05 * box_height(points))
    assert len(features) == num_rows
    rounding = 0.06  # of a row: 1e-3 of a raw interval, which may be some 50 rows long, and float32 coordinates
    assert (frames <= places + rounding).all() and (places < frames + 1 + rounding).all()


def test_rows_lie_between_the_raw_points_around_them(cursive):
    points = cursive(700, 9)
    features, frames = compiled(POINTS)(points)
    step = 0.05 * box_height(points)
    # Where a row lies: the features' own dx, dy summed within its stroke, in steps.
    starts = np.flatnonzero(features[:, 4])
    for stroke, first, end in zip(strokes_of(points), starts, np.append(starts[1:], len(features)), strict=True):
        rows = stroke[0] + step * np.cumsum(np.vstack([[0, 0], features[first + 1 : end, :2]]), axis=0)
        inside = (frames >= first) & (frames < end)
        assert inside.sum() == len(stroke)
        distance = np.linalg.norm(stroke - rows[frames[inside] - first], axis=1)
        assert distance.max() <= 1.02 * step, "a point lies less than a step behind the row it went into"


@pytest.mark.parametrize("config", [POINTS, CURVES], ids=lambda config: config.kind)
def test_strokes_keep_to_their_own_rows(config, cursive):
    points = cursive(900, 14)
    features, frames = compiled(config)(points)
    assert frames[0] == 0 and frames[-1] == len(features) - 1
    assert (np.diff(frames) >= 0).all()
    new_stroke = points[:-1, 3] > 0.5
    assert (np.diff(frames)[new_stroke] >= (2 if config is CURVES else 1)).all(), "a lifted pen has a curve of its own"


def test_each_side_of_a_zigzag_is_a_curve_and_takes_its_points(ink):
    corners = np.array([[0, 0], [5, 10], [10, 0], [15, 10], [20, 0]], np.float64)
    sides = [start + (end - start) * np.linspace(0, 1, 40)[:, np.newaxis] for start, end in zip(corners, corners[1:])]
    zigzag = np.concatenate(sides)
    features, frames = compiled(CURVES)(ink(zigzag, zigzag + [25, 0]))
    assert len(features) == 4 + 1 + 4
    near_corner = 4  # raw points: curves part at a resampled point, which lies beside the corner
    for stroke in range(2):
        for side in range(4):
            first = 40 * (4 * stroke + side)
            assert (frames[first + near_corner : first + 40 - near_corner] == 5 * stroke + side).all()


@pytest.mark.parametrize("config", [POINTS, CURVES], ids=lambda config: config.kind)
def test_a_point_finds_its_frame_wherever_and_however_large_the_ink_is(config, cursive):
    points = cursive(400, 6)
    _, expected = compiled(config)(points)
    moved = points * np.float32([4, 4, 1, 1]) + np.float32([1024, -512, 0, 0])
    _, frames = compiled(config)(moved)
    assert np.abs(frames - expected).max() <= 1 and (frames == expected).mean() > 0.99


@pytest.mark.parametrize("config", [POINTS, CURVES], ids=lambda config: config.kind)
def test_repeated_points_and_dots_find_a_frame(config, ink):
    for strokes in ([], [[[3, 4]]], [[[3, 4]] * 5], [[[0, 0], [0, 0], [0, 9], [0, 9]], [[2, 2]] * 3, [[5, 5]]]):
        features, frames = compiled(config)(ink(*strokes))
        assert len(frames) == sum(map(len, strokes))
        assert ((frames >= 0) & (frames < len(features))).all() and (np.diff(frames) >= 0).all()
