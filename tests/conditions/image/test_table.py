"""The table of line images: each condition changes a line, repeats with its seed, and survives the smallest lines."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.image.reread import reread
from seqapp.conditions.image.table import TABLE

CONDITIONS = find_conditions(["all"], TABLE)


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_condition(condition, line, other):
    once, again = (condition.apply(line, 3, lambda rng: other) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once.dtype == np.float32 and once.shape[1] == 64 and once.min() >= 0 and once.max() <= 1
    plain = reread(line)
    if condition.name not in ("inverted", "frame"):  # readers undo them
        assert once.shape != plain.shape or np.abs(once - plain).max() > 0.05
    for width in (1, 2):
        damaged = condition.apply(line[20 : 20 + width], 3, lambda rng: other)
        assert len(damaged) and np.isfinite(damaged).all()
