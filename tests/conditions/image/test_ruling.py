"""Ruled and squared paper: which rows and columns are dark, and how dark."""

import numpy as np
import pytest

from seqapp.conditions.image.ruling import rule, rule_across


def test_lines_darken_their_rows_and_no_others(blank):
    ruled = rule(blank, 10.5, 20.0, 1.0, 0.5).numpy()
    dark = np.isin(np.arange(64), [10, 30, 50])
    np.testing.assert_allclose(ruled[:, dark], 0.45, atol=1e-5)
    np.testing.assert_allclose(ruled[:, ~dark], 0.9, atol=1e-5)


@pytest.mark.parametrize("thickness", [0.5, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("place", [32.0, 32.5])
def test_a_line_takes_as_much_light_as_it_is_thick(blank, thickness, place):
    loss = 0.9 - rule(blank, place, 100.0, thickness, 0.5).numpy()
    np.testing.assert_allclose(loss.sum(axis=1) / 0.45, thickness, rtol=1e-4)


def test_vertical_lines_make_squares(blank):
    squared = rule_across(blank, 10.5, 20.0, 1.0, 0.5).numpy()
    dark = np.arange(200) % 20 == 10
    np.testing.assert_allclose(squared[dark], 0.45, atol=1e-5)
    np.testing.assert_allclose(squared[~dark], 0.9, atol=1e-5)


def test_tilted_lines_sink_and_wobbling_ones_swing(blank):
    rows = np.argmin(rule(blank, 20.5, 100.0, 1.0, 0.5, tilt=0.1).numpy(), axis=1)
    np.testing.assert_allclose(rows[199] - rows[0], 20, atol=1)
    rows = np.argmin(rule(blank, 20.5, 100.0, 1.0, 0.5, wobble=2.0).numpy(), axis=1)
    assert 2 <= np.ptp(rows) <= 4


def test_ink_stays_darker_than_the_lines(line):
    ruled = rule(line, 32.5, 16.0, 1.0, 0.5).numpy()
    assert (ruled <= line + 1e-6).all() and ruled.min() < 0.5 * np.median(ruled[:, 32])
