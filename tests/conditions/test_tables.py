"""Tables of conditions: one a sense, each strength in its unit, explained."""

import re

import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.tables import conditions_of
from seqapp.senses import SENSES


@pytest.mark.parametrize("name", [sense.name for sense in SENSES.values()])
def test_each_sense_has_a_table_whose_names_can_be_typed(name):
    table = conditions_of(name)
    for damage_name, damage in table.items():
        assert re.fullmatch(r"[a-z0-9_]+", damage_name) and damage_name != "all"
        assert damage.strengths and damage.meaning
    conditions = find_conditions(["all"], table)
    assert len(conditions) == sum(len(damage.strengths) for damage in table.values())
    assert [*map(str, find_conditions(map(str, conditions), table))] == [*map(str, conditions)]
