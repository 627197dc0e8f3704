"""Hands: what happens to a line that is measured with NumPy."""

import numpy as np

from seqapp.conditions.ink.hand import rotate, slant, stretch


def test_x_is_multiplied_from_the_first_point_on(line):
    narrow = stretch(line, 0.6).numpy()
    np.testing.assert_allclose(np.ptp(narrow[:, 0]), 0.6 * np.ptp(line[:, 0]), rtol=1e-5)
    np.testing.assert_allclose(narrow[0], line[0])
    np.testing.assert_allclose(narrow[:, 1:], line[:, 1:], atol=1e-5)


def test_a_negative_slant_leans_to_the_right(line):
    leaning = slant(line, -0.7).numpy()
    np.testing.assert_allclose(leaning[:, 0] - line[:, 0], -0.7 * (line[:, 1] - line[0, 1]), atol=1e-3)
    np.testing.assert_allclose(leaning[:, 1:], line[:, 1:], atol=1e-5)


def test_the_line_goes_downhill_by_the_angle_and_keeps_its_lengths(line):
    turned = rotate(line, 20.0).numpy()
    before, after = (points[:, 0] + 1j * points[:, 1] for points in (line, turned))
    ratios = (after[1:] - after[0]) / (before[1:] - before[0])
    np.testing.assert_allclose(ratios, np.exp(1j * np.radians(20.0)), atol=1e-4)  # y grows down: clockwise
    np.testing.assert_array_equal(turned[:, 2:], line[:, 2:])
