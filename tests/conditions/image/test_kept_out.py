"""Stains: darker, never lighter, darkest at the rim, and the same for the same draw."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.image.kept_out import INSIDE, KEPT_OUT, stain
from seqapp.conditions.image.table import TABLE


def test_rims_take_their_share_and_the_inside_less(blank):
    light = stain(blank, 0.5, np.random.default_rng(0)) / blank
    np.testing.assert_allclose(light.min(), 0.5, atol=0.02)
    assert light.max() == pytest.approx(1.0) and (light == 1).mean() > 0.3
    assert np.isclose(light, 1 - 0.5 * INSIDE, atol=1e-4).mean() > 0.05


def test_no_darkness_is_no_stain(line):
    np.testing.assert_allclose(stain(line, 0.0, np.random.default_rng(0)), line, atol=1e-6)


def test_it_is_repeatable_and_survives_the_smallest_lines(line):
    (condition,) = find_conditions(["stains"], KEPT_OUT)
    once, again, other = (condition.apply(line, seed, None) for seed in (1, 1, 2))
    np.testing.assert_array_equal(once, again)
    assert once.shape != other.shape or np.abs(once - other).max() > 0.05
    for width in (1, 2):
        damaged = condition.apply(line[20 : 20 + width], 3, None)
        assert len(damaged) and np.isfinite(damaged).all()


def test_it_is_in_no_table_that_training_sees():
    assert not KEPT_OUT.keys() & TABLE.keys()
