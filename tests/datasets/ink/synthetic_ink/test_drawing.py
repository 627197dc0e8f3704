"""Curves: corners go, ends stay."""

import numpy as np
import pytest

from seqapp.datasets.ink.synthetic_ink.drawing import STEP, path_of, rounded, slow_wave
from seqapp.datasets.ink.synthetic_ink.style import Style


def test_a_straight_line_stays_straight_and_keeps_its_ends():
    curve = rounded(np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]), 0.1)
    np.testing.assert_allclose(curve[:, 1], 2.0 * curve[:, 0], atol=1e-9)
    np.testing.assert_allclose(curve[[0, -1]], [[0.0, 0.0], [2.0, 4.0]], atol=1e-9)


def test_points_are_evenly_spaced():
    curve = rounded(np.array([[0.0, 0.0], [0.3, 0.0], [4.0, 0.0]]), 0.1)
    np.testing.assert_allclose(np.diff(curve[:, 0]), STEP, rtol=0.05)


@pytest.mark.parametrize("rounding", [0.06, 0.17])
def test_a_corner_is_cut_the_more_the_larger_the_rounding(rounding):
    corner = np.array([[-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]])
    top = rounded(corner, rounding)[:, 1].min()
    # A Gaussian over |s| / sqrt(2) has the mean sigma / sqrt(pi) at the corner.
    assert top == pytest.approx(-1.0 + rounding / np.sqrt(np.pi), abs=0.02)


def test_the_shortest_polygon_gives_a_curve():
    assert len(rounded(np.array([[0.0, 0.0], [0.01, 0.0]]), 0.17)) >= 3


def test_ends_say_where_each_stroke_stops():
    polygons = [np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[2.0, 0.0], [5.0, 0.0]])]
    path, ends = path_of(polygons, Style(), np.random.default_rng(0))
    assert len(path) == ends[-1]
    assert path[ends[0], 0] - path[ends[0] - 1, 0] > 0.9


def test_slow_waves_have_unit_variance():
    x = np.linspace(0.0, 2000.0, 20_000)
    assert slow_wave(x, np.random.default_rng(0)).std() == pytest.approx(1.0, rel=0.05)
