"""From perfect maps every line is found where it is: alone, sloping, curved, touching others, interrupted."""

import numpy as np
import pytest

from seqapp.evaluation.page_lines import compare_lines
from seqapp.features.image.page_crop import draw_target
from seqapp.models.line_finder.find_lines import find_lines, simplify
from seqapp.models.line_finder.ridges import find_ridges


def line(*points, above=14.0, below=6.0):
    return np.array(points, float), above, below


def found_of(lines, height=320, width=400):
    return find_lines(draw_target(lines, height, width, 3))


def test_lines_are_found_in_place_with_their_heights():
    lines = [line((40, y), (360, y + 12), above=10 + y / 20) for y in (50, 90, 130, 250)]
    found = found_of(lines)
    assert len(found) == 4
    for (baseline, above, below), other in zip(lines, found):
        y = np.interp([60, 200, 340], *other.baseline.T)
        np.testing.assert_allclose(y, np.interp([60, 200, 340], *baseline.T), atol=2)
        np.testing.assert_allclose(other.baseline[[0, -1], 0], [40, 360], atol=10)
        assert other.above == pytest.approx(above, abs=0.5) and other.below == pytest.approx(below, abs=0.5)
        assert 0.5 < other.confidence <= 1


@pytest.mark.parametrize("step", [-60, -25, 25, 60])
def test_slopes_are_followed(step):
    assert compare([line((40, 150), (360, 150 + step)), line((40, 190), (360, 190 + step))]) == (2, 0, 0, 0, 0)


def test_curves_are_followed():
    x = np.linspace(40, 360, 30)
    curve = np.column_stack([x, 150 + 15 * np.sin(x / 60)])
    assert compare([(curve, 14.0, 6.0)]) == (1, 0, 0, 0, 0)


def test_neighbours_in_one_row_stay_two_lines_where_one_ends():
    lines = [line((40, 100), (190, 100)), line((200, 101), (360, 101))]
    assert compare(lines) == (2, 0, 0, 0, 0)


def test_an_interrupted_line_is_one_where_no_end_is_seen():
    maps = draw_target([line((40, 100), (360, 100))], 320, 400, 3)
    maps[:, 22:24, 0] = 0  # 16 pixels
    assert len(find_lines(maps)) == 1
    maps[:, 19:29, 0] = 0  # 80: as wide as a column's gap
    assert len(find_lines(maps)) == 2


def test_lines_that_touch_are_told_apart():
    lines = [line((40, 100), (360, 120)), line((40, 140), (360, 122))]
    assert compare(lines)[:3] == (2, 0, 0)


def test_nothing_is_found_where_nothing_is():
    assert found_of([]) == []
    assert find_lines(np.full([80, 50, 4], 0.2, np.float32)) == []
    assert find_lines(np.zeros([1, 1, 4], np.float32)) == []


def test_a_dot_is_no_line():
    assert found_of([line((100, 100), (103, 100))]) == []


def test_a_weak_crest_is_no_ridge():
    baseline = np.zeros([20, 30])
    baseline[10] = 0.4
    assert find_ridges(baseline, np.zeros_like(baseline)) == []
    baseline[10, ::2] = 0.8
    assert len(find_ridges(baseline, np.zeros_like(baseline))) == 1


def test_polylines_are_simplified_within_the_tolerance():
    x = np.linspace(0, 100, 101)
    points = np.column_stack([x, np.abs(x - 50)])
    np.testing.assert_allclose(simplify(points, 0.5), [[0, 50], [50, 0], [100, 50]])
    assert len(simplify(points[:2], 0.5)) == 2


def compare(lines):
    found = found_of(lines)
    counts = compare_lines([baseline for baseline, _, _ in lines], [line.baseline for line in found], 20.0)
    return len(found), counts.missed, counts.spurious, counts.merged, counts.split
