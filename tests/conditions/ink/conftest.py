"""Made-up inks: a line of loops with dots and bars, and the smallest ones."""

import numpy as np
import pytest


def _ink(*strokes, step_s=0.01):
    """Float32 [N, 4] from strokes [n, 2]; points stand 10 ms apart, strokes 100 ms."""
    rows = []
    clock = 5.0
    for stroke in strokes:
        time = clock + step_s * np.arange(len(stroke))
        clock = time[-1] + 10 * step_s
        rows.append(np.column_stack([stroke, time, np.arange(len(stroke)) == len(stroke) - 1]))
    return np.concatenate(rows).astype(np.float32) if rows else np.zeros([0, 4], np.float32)


@pytest.fixture(scope="session")
def ink():
    return _ink


@pytest.fixture(scope="session")
def line():
    """Six words of loops, 40 units high; behind each a dot and a bar, at indices 1, 2, 4, 5 ..."""
    strokes = []
    for word in range(6):
        phase = np.linspace(0.0, 8 * np.pi, 121)
        x = 120.0 * word + 3.0 * phase + 10.0 * np.sin(phase)
        strokes.append(np.column_stack([x, 20.0 * np.cos(phase)]))
        strokes.append(np.array([[120.0 * word + 20.0, -18.0], [120.0 * word + 20.5, -17.5]]))
        strokes.append(np.column_stack([120.0 * word + np.arange(30.0, 46.0), np.full(16, -10.0)]))
    return _ink(*strokes)


@pytest.fixture(scope="session")
def small_inks():
    """No point, one, a dot of two, dots alone, and points all at one time."""
    dot = np.array([[3.0, 4.0]])
    frozen = _ink(np.arange(20.0).reshape(10, 2))
    frozen[:, 2] = 0.0
    return [_ink(), _ink(dot), _ink(np.repeat(dot, 2, axis=0)), _ink(dot, dot + 2, dot + 9), frozen]
