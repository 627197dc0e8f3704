"""The clock: the power law between speed and curvature, and pen lifts."""

import numpy as np
import pytest

from seqapp.datasets.ink.synthetic_ink.drawing import STEP
from seqapp.datasets.ink.synthetic_ink.motion import points_of
from seqapp.datasets.ink.synthetic_ink.style import Style


def circle(radius):
    angle = np.arange(0.0, 2.0 * np.pi, STEP / radius)
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def cruising_speed(radius):
    """Mean speed over many drawings of the middle third of a circle, in x-heights a second."""
    style, path = Style(tremor=0.0, size=1.0), circle(radius)
    speeds = []
    for seed in range(200):
        points = points_of(path, np.array([len(path)]), style, np.random.default_rng(seed))
        step = np.diff(points[:, :3], axis=0)[len(points) // 3 : 2 * len(points) // 3]
        speeds.append(np.mean(np.hypot(step[:, 0], step[:, 1]) / step[:, 2]))
    return np.mean(speeds)


def test_speed_falls_with_the_cube_root_of_curvature():
    expected = ((1.0 + 1.0 / 4.0) / (1.0 + 1.0 / 0.5)) ** (1.0 / 3.0)
    assert cruising_speed(0.5) / cruising_speed(4.0) == pytest.approx(expected, rel=0.05)


def test_strokes_are_parted_in_time_and_their_ends_marked():
    path = np.concatenate([circle(1.0), circle(1.0) + 3.0])
    ends = np.array([len(path) // 2, len(path)])
    points = points_of(path, ends, Style(tremor=0.0, size=1.0), np.random.default_rng(0))
    lifts = np.flatnonzero(points[:, 3])
    assert len(lifts) == 2 and lifts[-1] == len(points) - 1
    assert points[lifts[0] + 1, 2] - points[lifts[0], 2] > 0.06
    np.testing.assert_allclose(points[[0, -1], :2], path[[0, -1]], atol=1e-5)


def test_a_path_that_stands_still_keeps_time_increasing():
    points = points_of(np.zeros((6, 2)), np.array([6]), Style(), np.random.default_rng(0))
    assert (np.diff(points[:, 2]) > 0.0).all()
