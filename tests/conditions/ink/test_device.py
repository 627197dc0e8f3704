"""Devices: noise of a known size, known points, known grids, known rates."""

import numpy as np
import pytest

from seqapp.conditions.ink.device import decimate, jitter, round_to_grid, sample, without_times

HEIGHT = 40.0


def strokes_of(points):
    return np.split(points, np.flatnonzero(points[:-1, 3]) + 1)


def test_jitter_has_its_deviation_in_both_directions_and_none_along_the_line(line):
    moves = jitter(line, [1, 2], 0.02).numpy() - line
    np.testing.assert_allclose(moves[:, :2].std(axis=0), 0.02 * HEIGHT, rtol=0.08)
    assert abs(np.corrcoef(moves[1:, 0], moves[:-1, 0])[0, 1]) < 0.1 and abs(moves[:, :2].mean()) < 0.1
    assert not moves[:, 2:].any()


@pytest.mark.parametrize("step", [1, 2, 6, 1000])
def test_every_nth_point_and_the_last_of_each_stroke_stay(line, step):
    expected = []
    for stroke in strokes_of(line):
        rows = sorted({*range(0, len(stroke), step), len(stroke) - 1})
        expected.append(stroke[rows])
    np.testing.assert_array_equal(decimate(line, step), np.concatenate(expected))


@pytest.mark.parametrize("rate", [11.0, 47.0, 190.0])
def test_samples_lie_on_the_strokes_at_equal_times(line, rate):
    sampled = strokes_of(sample(line, rate).numpy())
    for new, old in zip(sampled, strokes_of(line), strict=True):
        assert len(new) == 1 + np.ceil((old[-1, 2] - old[0, 2]) * rate)
        np.testing.assert_array_equal(new[[0, -1]], old[[0, -1]])
        np.testing.assert_allclose(np.diff(new[:, 2]), (old[-1, 2] - old[0, 2]) / (len(new) - 1), atol=1e-5)
        for column in (0, 1):
            np.testing.assert_allclose(new[:, column], np.interp(new[:, 2], old[:, 2], old[:, column]), atol=0.05)


def test_ink_without_times_is_not_sampled(line):
    frozen = without_times(line).numpy()
    assert not frozen[:, 2].any()
    np.testing.assert_array_equal(frozen[:, [0, 1, 3]], line[:, [0, 1, 3]])
    np.testing.assert_array_equal(sample(frozen, 20.0), frozen)


def test_coordinates_are_multiples_of_a_cell_and_no_farther_than_half_of_one(line):
    rounded = round_to_grid(line, 20.0).numpy()
    cells = (rounded[:, :2] - line[:, :2].min(axis=0)) / (HEIGHT / 20.0)
    np.testing.assert_allclose(cells, np.round(cells), atol=1e-3)
    assert np.abs(rounded - line)[:, :2].max() <= HEIGHT / 40.0 + 1e-3
    assert np.round(cells[:, 1].max()) == 20 and np.array_equal(rounded[:, 2:], line[:, 2:])
