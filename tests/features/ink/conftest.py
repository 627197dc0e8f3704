"""Made-up inks: what the tests of this room write with."""

import numpy as np
import pytest


def _ink(*strokes):
    """float32 [N, 4] from strokes [n, 2] or [n, 3]; points without time stand 10 ms apart, strokes 100 ms."""
    rows, clock = [], 0.0
    for stroke in strokes:
        stroke = np.asarray(stroke, np.float64)
        if stroke.shape[1] == 2:
            stroke = np.column_stack([stroke, clock + 0.01 * np.arange(len(stroke))])
        clock = stroke[-1, 2] + 0.1
        rows.append(np.column_stack([stroke, np.arange(len(stroke)) == len(stroke) - 1]))
    return np.concatenate(rows).astype(np.float32) if rows else np.zeros([0, 4], np.float32)


def _cursive(num_points=2000, num_strokes=20, num_loops=60):
    """A line of loops like a child's exercise, lifted `num_strokes` times; about 20 heights wide."""
    phase = np.linspace(0.0, 2 * np.pi * num_loops, num_points)
    x = 8.0 * phase / np.pi + 7.0 * np.sin(phase)
    y = 20.0 * np.cos(phase) * (1 + 0.5 * np.sin(0.21 * phase))
    points = np.column_stack([x, y, 0.01 * np.arange(num_points), np.zeros(num_points)])
    points[np.linspace(0, num_points - 1, num_strokes + 1).astype(int)[1:], 3] = 1.0
    return points.astype(np.float32)


@pytest.fixture(scope="session")
def ink():
    return _ink


@pytest.fixture(scope="session")
def cursive():
    return _cursive
