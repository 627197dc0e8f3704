import re
import runpy

import numpy as np
import pytest

from seqapp.datasets.ink import ink as ink_module
from seqapp.datasets.ink.ink import Ink, check
from seqapp.recipe import InkConfig


def test_from_strokes_lifts_the_pen_after_each_stroke_and_drops_empty_ones():
    ink = Ink.from_strokes("a", [[[1, 2], [3, 4]], [], [[5, 6]]], "hi", "w/1")
    assert ink.points.dtype == np.float32
    np.testing.assert_array_equal(ink.points, [[1, 2, 0, 0], [3, 4, 0, 1], [5, 6, 0, 1]])
    assert check(ink) is None


def test_strokes_inverts_from_strokes():
    strokes = [np.array([[0, 0, 0.0], [1, 1, 0.5]]), np.array([[2, 0, 1.5]])]
    for ours, given in zip(Ink.from_strokes("a", strokes).strokes(), strokes, strict=True):
        np.testing.assert_array_equal(ours, given)


def test_time_since_1970_keeps_its_milliseconds():
    ink = Ink.from_strokes("a", [[[0, 0, 1_497_871_186.250], [1, 0, 1_497_871_186.257]]])
    np.testing.assert_allclose(ink.points[:, 2], [0, 0.007], atol=1e-6)


def test_one_untimed_stroke_makes_the_ink_untimed():
    ink = Ink.from_strokes("a", [[[0, 0, 5.0]], [[1, 1]]])
    np.testing.assert_array_equal(ink.points[:, 2], 0)


def test_a_stroke_of_another_shape_is_named():
    with pytest.raises(ValueError, match=r"a: expected strokes of shape \[n, 2\].*received \[3\]"):
        Ink.from_strokes("a", [[1, 2, 3]])


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (np.zeros((0, 4)), "no points"),
        (np.zeros((3, 3)), r"expected shape \[N, 4\].*received \[3, 3\]"),
        ([[0, 0, 0, 0], [np.nan, 0, 0, 1]], "point 1 is not finite"),
        ([[0, 0, 0, 0], [0, np.inf, 0, 1]], "point 1 is not finite"),
        ([[0, 0, 0, 1], [1, 1, 0, 0]], "does not lift"),
        ([[0, 0, 0, 0.5], [1, 1, 0, 1]], "other than 0 and 1"),
    ],
)
def test_check_says_why(points, reason):
    assert re.search(reason, check(Ink("a", np.asarray(points, np.float32))))


def test_check_refuses_more_points_than_allowed_and_takes_a_dot():
    dot = Ink.from_strokes("a", [[[1, 1]]])
    assert check(dot) is None
    assert "more than the 0 allowed" in check(dot, max_points=0)


def test_as_many_points_are_allowed_as_recipes_allow(monkeypatch):
    monkeypatch.setattr(InkConfig, "max_points", 2)
    fresh = runpy.run_path(ink_module.__file__)
    ink = Ink.from_strokes("a", [[[0, 0], [1, 1], [2, 2]]])
    assert fresh["check"](ink) == "3 points, more than the 2 allowed"
