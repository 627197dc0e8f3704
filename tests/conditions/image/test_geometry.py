"""Turned lines: the angle, measured by the places of a straight stroke."""

import numpy as np

from seqapp.conditions.image.geometry import perspective, skew, turn


def stroke(width=300):
    """A horizontal stroke of three rows in the middle."""
    columns = np.full([width, 64], 0.9, np.float32)
    columns[:, 31:34] = 0.1
    return columns


def centres(columns):
    darkness = np.median(columns) - columns
    return (darkness @ np.arange(columns.shape[1])) / darkness.sum(axis=1)


def test_a_line_sinks_by_the_angle_on_its_canvas():
    turned = turn(stroke(), 3.0).numpy()
    assert turned.shape == (300, 64)
    slope = np.polyfit(np.arange(300), centres(turned), 1)[0]
    np.testing.assert_allclose(slope, np.tan(np.radians(3.0)), atol=2e-3)
    np.testing.assert_allclose(turn(stroke(), 0.0), stroke(), atol=5e-3)


def test_long_lines_turn_less():
    turned = turn(stroke(1024), 3.0).numpy()
    slope = np.polyfit(np.arange(1024), centres(turned), 1)[0]
    np.testing.assert_allclose(slope, np.tan(np.radians(3.0)) / 2, atol=2e-3)


def test_a_skewed_line_has_a_larger_canvas_of_paper():
    turned = skew(stroke(), 3.0)
    np.testing.assert_allclose(turned.shape, (300 + 64 * 0.052, 64 + 300 * 0.052), atol=2)
    slope = np.polyfit(np.arange(240), centres(turned[30:270]), 1)[0]
    np.testing.assert_allclose(slope, np.tan(np.radians(3.0)), atol=2e-3)
    np.testing.assert_allclose(turned[0, 0], 0.9, atol=5e-3)


def test_the_far_end_is_lower_by_the_ratio():
    columns = np.full([300, 64], 0.9, np.float32)
    columns[:, [12, 13, 50, 51]] = 0.1
    seen = perspective(columns, 0.6)
    assert seen.shape == (240, 64)
    spans = [np.ptp(np.flatnonzero(seen[column] < 0.6)) for column in (3, -4)]
    np.testing.assert_allclose(spans[1] / spans[0], 0.6, atol=0.06)
    np.testing.assert_allclose(perspective(columns, 1.0), columns, atol=5e-3)
