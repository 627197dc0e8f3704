"""Lines of a page compared with those that were found: every kind of fault is counted as what it is."""

import numpy as np
import pytest

from seqapp.evaluation.page_lines import LineCounts, compare_lines, lie_on_lines, total

TRUE = [np.array([[0, y], [400, y + 8]], float) for y in (100, 150, 200)]


def counts(found, true=TRUE):
    result = compare_lines(true, found, line_height=48.0)
    return result.missed, result.spurious, result.merged, result.split


def test_the_same_lines_are_perfect():
    result = compare_lines(TRUE, TRUE[::-1], 48.0)
    assert (result.precision, result.recall, result.f) == (1, 1, 1) and result.lines == result.found == 3


def test_a_baseline_may_lie_off_by_a_quarter_of_the_height():
    assert counts([line + [0, 11] for line in TRUE]) == (0, 0, 0, 0)
    assert counts([line + [0, 14] for line in TRUE]) == (3, 3, 0, 0)


def test_faults_are_told_apart():
    assert counts(TRUE[:2]) == (1, 0, 0, 0)
    assert counts([*TRUE, np.array([[0, 300], [400, 300.0]])]) == (0, 1, 0, 0)
    halves = [np.array([[0, 100], [190, 104.0]]), np.array([[210, 104], [400, 108.0]])]
    assert counts([*halves, *TRUE[1:]]) == (0, 0, 0, 1)
    assert counts([TRUE[0]], true=halves) == (0, 0, 1, 0)


def test_half_a_line_counts_as_half():
    result = compare_lines(TRUE[:1], [np.array([[0, 100], [200, 104.0]])], 48.0)
    assert result.recall == pytest.approx(0.5, abs=0.05) and result.precision == 1


def test_pages_add_up_and_empty_ones_are_perfect():
    empty = compare_lines([], [], 48.0)
    assert (empty.precision, empty.recall) == (1, 1)
    assert compare_lines([], TRUE, 48.0).spurious == compare_lines(TRUE, [], 48.0).missed == 3
    both = total([compare_lines(TRUE, TRUE, 48.0), compare_lines(TRUE, [], 48.0)])
    assert (both.lines, both.found, both.missed, both.recall) == (6, 3, 3, 0.5)
    assert total([]) == LineCounts()


def test_found_lines_off_every_line_of_a_page_are_told_apart():
    lines = [np.array([[0.0, y], [400.0, y]]) for y in (100.0, 200.0)]
    near, half, print_above = lines[0] + [0, 5], lines[1] * [0.4, 1], lines[0] - [0, 60]
    assert lie_on_lines(lines, [near, half, print_above], 60.0).tolist() == [True, True, False]
    assert compare_lines(lines, [near, half, print_above], 60.0).spurious == 1
    assert lie_on_lines([], [near], 60.0).tolist() == [False] and not len(lie_on_lines(lines, [], 60.0))
