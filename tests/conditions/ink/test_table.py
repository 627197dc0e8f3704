"""The table of ink: each condition changes a line, repeats with its seed, and survives the smallest inks."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.ink.table import TABLE

CONDITIONS = find_conditions(["all"], TABLE)


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_condition(condition, line, small_inks):
    once, again = (condition.apply(line, 3, None) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once.dtype == np.float32 and once.shape[1] == 4
    assert once.shape != line.shape or not np.allclose(once, line)
    for points in small_inks:
        damaged = condition.apply(points, 3, None)
        assert np.isfinite(damaged).all() and bool(len(damaged)) == bool(len(points))
