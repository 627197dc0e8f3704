"""Late dots: the same strokes in another order, and times that rise."""

import numpy as np

from seqapp.conditions.ink.device import without_times
from seqapp.conditions.ink.late_strokes import late_dots


def strokes_of(points):
    return np.split(points, np.flatnonzero(points[:-1, 3]) + 1)


def test_dots_and_bars_come_last_in_their_order(line):
    strokes = strokes_of(line)
    late = [k for k in range(len(strokes)) if k % 3]
    expected = [strokes[k] for k in [*range(0, len(strokes), 3), *late]]
    found = late_dots(line, 0.12).numpy()
    np.testing.assert_array_equal(found[:, [0, 1, 3]], np.concatenate(expected)[:, [0, 1, 3]])
    steps = np.diff(found[:, 2])
    assert (steps > 0).all() and found[0, 2] == line[0, 2]
    # Within strokes the pen is as fast as it was, and pauses stay pauses.
    np.testing.assert_allclose(steps[found[:-1, 3] == 0], 0.01, atol=1e-3)
    np.testing.assert_allclose(steps[found[:-1, 3] == 1], 0.1, atol=1e-3)


def test_ink_without_times_gets_none(line):
    assert not late_dots(without_times(line), 0.12).numpy()[:, 2].any()


def test_wide_strokes_are_no_bars(ink):
    dash = ink(np.array([[0.0, 0.0], [30.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 40.0]]))
    np.testing.assert_allclose(late_dots(dash, 0.12), dash, atol=1e-6)


def test_the_last_stroke_needs_no_flag(line):
    loops = line.copy()
    loops[-1, 3] = 0.0
    np.testing.assert_array_equal(late_dots(loops, 0.12), late_dots(line, 0.12))
