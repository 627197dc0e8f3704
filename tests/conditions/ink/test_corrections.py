"""Lines under and through the writing: where they lie, how long they are, and that no ruler drew them."""

import numpy as np
import pytest

from seqapp.conditions.ink.corrections import strike_through, underline
from seqapp.conditions.ink.device import without_times

HEIGHT = 40.0


def added(function, line, strength, seed=(1, 2)):
    """The added stroke; what was there is as it was."""
    points = function(line, seed, strength).numpy()
    np.testing.assert_array_equal(points[: len(line)], line)
    stroke = points[len(line) :]
    assert stroke[-1, 3] == 1 and not stroke[:-1, 3].any()
    return stroke


@pytest.mark.parametrize("seed", [(1, 2), (3, 4), (5, 6)])
def test_a_line_under_all_of_it(line, seed):
    stroke = added(underline, line, 0.1, seed)
    np.testing.assert_allclose(stroke[:, 1].min(), line[:, 1].max() + 0.1 * HEIGHT, atol=1e-2)
    assert 0.01 * HEIGHT < stroke[:, 1].std() < 0.2 * HEIGHT
    assert (np.diff(stroke[:, 0]) > 0).all() and (np.diff(stroke[:, 2]) > 0).all()
    assert np.abs(stroke[[0, -1], 0] - [line[:, 0].min(), line[:, 0].max()]).max() <= 0.3 * HEIGHT + 0.1
    assert stroke[0, 2] > line[-1, 2]


def test_a_line_through_the_middle(line):
    stroke = added(strike_through, line, 0.0)
    np.testing.assert_allclose(stroke[:, 1].mean(), line[:, 1].mean(), atol=0.1)
    assert line[:, 1].min() < stroke[:, 1].min() and stroke[:, 1].max() < line[:, 1].max()
    np.testing.assert_allclose(added(strike_through, line, 0.2)[:, 1], stroke[:, 1] - 0.2 * HEIGHT, atol=1e-2)


def test_ink_without_times_gets_none(line):
    assert not underline(without_times(line), [1, 2], 0.1).numpy()[:, 2].any()


def test_the_last_stroke_ends_before_the_line_begins(line):
    unflagged = line.copy()
    unflagged[-1, 3] = 0.0
    assert underline(unflagged, [1, 2], 0.1).numpy()[len(line) - 1, 3] == 1
