"""Inks without a text: as many points, repeatable, and nothing of the line left; of nothing nothing is made."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.ink.unreadable import UNREADABLE

CONDITIONS = find_conditions(["all"], UNREADABLE)


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_an_ink_without_a_text(condition, line, small_inks):
    once, again = (condition.apply(line, 3, lambda rng: line) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once.dtype == np.float32 and once.shape[1] == 4 and np.isfinite(once).all()
    assert once.shape != line.shape or np.abs(once[:, :2] - line[:, :2]).max() > 10
    for points in small_inks:
        damaged = condition.apply(points, 3, lambda rng: small_inks[1])
        assert np.isfinite(damaged).all() and (len(damaged) or not len(points))
