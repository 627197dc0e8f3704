"""Lost contact: points go, strokes break where they went, and what is left stays in its place."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.ink.kept_out import KEPT_OUT, RUN, lose_contact
from seqapp.conditions.ink.table import TABLE


def test_strokes_break_where_points_are_lost(line):
    broken = lose_contact(line, 0.15, np.random.default_rng(0))
    rows = {tuple(row[:3]): place for place, row in enumerate(line)}
    places = np.array([rows[tuple(row[:3])] for row in broken])
    assert (np.diff(places) > 0).all()
    ends = np.flatnonzero(line[:, 3])
    assert set(ends) <= set(places) and set(ends[:-1] + 1) <= set(places) and places[0] == 0
    # The pen is up before every gap and where it was up, nowhere else.
    gap_behind = np.diff(places, append=len(line)) > 1
    np.testing.assert_array_equal(broken[:, 3] > 0.5, gap_behind | (line[places, 3] > 0.5))
    assert (np.diff(places)[gap_behind[:-1]] > RUN - 1).mean() > 0.8


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_the_share_that_is_lost(line, share):
    kept = [len(lose_contact(line, share, np.random.default_rng(seed))) / len(line) for seed in range(40)]
    assert 0.7 * share < 1 - np.mean(kept) < 1.05 * share


def test_nothing_is_lost_of_nothing_and_of_dots(small_inks):
    (condition,) = find_conditions(["lost_contact=0.9"], KEPT_OUT)
    for points in small_inks:
        damaged = condition.apply(points, 3, None)
        assert damaged.dtype == np.float32 and len(damaged) >= min(len(points), 1)
        assert not len(damaged) or damaged[-1, 3] == points[-1, 3]


def test_it_is_in_no_table_that_training_sees():
    assert not KEPT_OUT.keys() & TABLE.keys()
