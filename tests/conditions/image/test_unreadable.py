"""Pictures without a text: read as files would be, repeatable, and nothing of the line left."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.image.reread import reread
from seqapp.conditions.image.unreadable import UNREADABLE

CONDITIONS = find_conditions(["all"], UNREADABLE)


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_picture_without_a_text(condition, line, other):
    once, again = (condition.apply(line, 3, lambda rng: other) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once.dtype == np.float32 and once.shape[1] == 64 and once.min() >= 0 and once.max() <= 1
    plain = reread(line)
    assert once.shape != plain.shape or np.abs(once - plain).max() > 0.2
    for width in (1, 2):
        assert np.isfinite(condition.apply(line[20 : 20 + width], 3, lambda rng: other)).all()
