import itertools
import math

import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.ink.normalization import HEIGHTS, ink_height, line_moments, normalize, writing_slope
from seqapp.features.ink.strokes import find_strokes


def positions_of(points):
    return tf.constant(points[:, :2], tf.float64), find_strokes(points[:, 3])


def height_of(points, kind):
    return float(ink_height(*positions_of(points), kind))


def slope_of(points):
    return float(writing_slope(line_moments(*positions_of(points))))


def turned(points, degrees):
    angle = math.radians(degrees)
    matrix = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return np.column_stack([points[:, :2] @ matrix, points[:, 2:]]).astype(np.float32)


def test_moments_are_integrals_along_the_lines(ink):
    coarse = ink([[0, 0], [4, 0], [4, 2]], [[5, 1], [7, 3]])
    corners = [np.array([[0, 0], [4, 0], [4, 2]]), np.array([[5, 1], [7, 3]])]
    pieces = []
    for stroke in corners:
        for start, end in itertools.pairwise(stroke):
            share = (np.arange(2000) + 0.5)[:, None] / 2000
            weight = np.full(2000, np.linalg.norm(end - start) / 2000)
            pieces.append((start + share * (end - start), weight))
    x, weight = np.concatenate([p for p, _ in pieces]), np.concatenate([w for _, w in pieces])
    mean = np.average(x, axis=0, weights=weight)
    cov = np.cov(x.T, aweights=weight, bias=True)
    moments = line_moments(*positions_of(coarse))
    expected = [weight.sum(), *mean, cov[0, 0], cov[1, 1], cov[0, 1]]
    np.testing.assert_allclose([float(m) for m in moments], expected, rtol=1e-6)


def test_the_bounding_box_gets_the_margin_of_the_paper(ink):
    assert height_of(ink([[0, 5], [3, 15], [1, 9]]), "bounding_box") == pytest.approx(12.0)


def test_the_spread_of_a_vertical_line_is_known_in_closed_form(ink):
    assert height_of(ink([[0, 0], [0, 12]]), "spread") == pytest.approx(5.5 * 12 / math.sqrt(12))


def test_both_heights_agree_on_usual_writing(cursive):
    assert height_of(cursive(), "spread") == pytest.approx(height_of(cursive(), "bounding_box"), rel=0.3)


def test_one_flourish_moves_the_spread_less_than_the_box(ink, cursive):
    plain = cursive()
    flourish = np.concatenate([plain, ink([[800, 0], [810, 120]])])
    growth = {kind: height_of(flourish, kind) / height_of(plain, kind) for kind in HEIGHTS}
    assert growth["bounding_box"] > 2 > 1.5 > growth["spread"]


@pytest.mark.parametrize("kind", HEIGHTS)
@pytest.mark.parametrize(
    ("strokes", "expected"),
    [
        ([[[0, 7], [60, 7]]], 10.0),  # a dash: a sixth of its width
        ([[[3, 3]]], 1.0),  # a dot: anything finite
        ([[[0, 0]] * 5], 1.0),
        ([[[0, 0]], [[8, 0]]], 8.0),  # two dots: their distance
    ],
)
def test_ink_without_height_gets_a_finite_one(ink, kind, strokes, expected):
    assert height_of(ink(*strokes), kind) == pytest.approx(expected)


@pytest.mark.parametrize("kind", HEIGHTS)
def test_a_colon_is_as_high_as_its_dots_are_apart(ink, kind):
    assert 4 <= height_of(ink([[0, 0]], [[0, 4]]), kind) <= 5.5 * 4


@pytest.mark.parametrize("degrees", [-15, -5, 0, 5, 15])
def test_the_slope_of_a_line_is_found(cursive, degrees):
    tilt = slope_of(turned(cursive(), degrees)) - math.tan(math.radians(degrees))
    assert abs(tilt) < 0.02


def test_two_dots_aslant_are_as_far_apart_as_they_are(ink):
    points = ink([[0, 0]], [[8, 1]])
    positions, _ = normalize(points, find_strokes(points[:, 3]), "spread")
    assert np.linalg.norm(positions[1, :2] - positions[0, :2]) == pytest.approx(1)


def test_the_slope_is_bounded(cursive):
    assert slope_of(turned(cursive(), 21)) == pytest.approx(math.tan(math.radians(20)))


@pytest.mark.parametrize("stroke", [[[0, 0], [10, -10]], [[0, 0], [1, -10]], [[0, 0], [5, 10], [10, 0]], [[2, 2]]])
def test_symbols_have_no_writing_line(ink, stroke):
    assert slope_of(ink(stroke)) == 0.0


def test_spread_undoes_a_rotation_and_the_box_keeps_it(cursive):
    plain, tilted = cursive(), turned(cursive(), 10)
    (level, left), (righted, rest) = (normalize(p, find_strokes(p[:, 3]), "spread") for p in (plain, tilted))
    np.testing.assert_allclose(righted, level, atol=0.01)
    assert left == rest == 0.0
    kept, slope = normalize(tilted, find_strokes(tilted[:, 3]), "bounding_box")
    assert float(slope) == pytest.approx(math.tan(math.radians(10)), abs=0.02)
    assert np.ptp(kept[:, 1]) == pytest.approx(1 / 1.2)


def test_unknown_heights_are_refused_by_name(cursive):
    with pytest.raises(ValueError, match="features.height.*x_height"):
        normalize(cursive(), find_strokes(cursive()[:, 3]), "x_height")
