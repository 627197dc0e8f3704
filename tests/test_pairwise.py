"""Cases that cover all pairs, and the option that runs the others too."""

import itertools
from unittest.mock import Mock

import pytest

from tests.conftest import pytest_collection_modifyitems
from tests.pairwise import covering, every_pair

SIZES = [(3,), (2, 2), (4, 3, 2), (5, 5, 2, 2), (2,) * 7]


def product(sizes):
    return list(itertools.product(*map(range, sizes)))


def pairs(cases):
    """Found in another way: single values are pairs with themselves."""
    places = [*itertools.combinations_with_replacement(range(len(cases[0])), 2)]
    return {(i, j, case[i], case[j]) for case in cases for i, j in places}


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_every_pair_of_values_occurs_in_few_cases(sizes):
    cases = product(sizes)
    chosen = covering(cases)
    assert pairs(chosen) == pairs(cases) and set(chosen) <= set(cases)
    largest = sorted(sizes)[-2:]
    assert len(chosen) <= 2 * largest[0] * largest[-1]


def test_every_value_occurs_in_as_few_cases_as_the_longest_factor_has():
    chosen = covering(product((4, 3, 2)), strength=1)
    assert [set(values) for values in zip(*chosen)] == [{0, 1, 2, 3}, {0, 1, 2}, {0, 1}] and len(chosen) == 4


def test_combinations_that_do_not_exist_are_never_chosen():
    cases = [case for case in product((4, 4, 3)) if sum(case) % 3]
    chosen = covering(cases)
    assert pairs(chosen) == pairs(cases) and set(chosen) <= set(cases)


def test_all_workers_choose_the_same():
    cases = product((4, 3, 3, 2))
    assert covering(cases) == covering(list(cases)) == sorted(covering(cases), key=cases.index)


def test_cases_carry_the_mark_of_their_tier():
    names, cases = every_pair(("a", "b", "c"), itertools.product("xyz", [1, 2], [False, True])).args
    assert names == ("a", "b", "c") and len(cases) == 12
    tiers = {(): [], ("slow",): [], ("exhaustive",): []}
    for case in cases:
        tiers[tuple(mark.name for mark in case.marks)].append(tuple(case.values))
    values, pairs_alone, others = tiers.values()
    assert [set(x) for x in zip(*values)] == [set("xyz"), {1, 2}, {False, True}] and len(values) == 3
    assert sorted(values + pairs_alone) == sorted(covering([tuple(case.values) for case in cases]))
    assert others


@pytest.mark.parametrize(("tier", "expected"), [("quick", "q"), ("slow", "qs"), ("all", "qse")])
def test_a_tier_runs_what_those_before_it_run(tier, expected):
    marks = {"q": None, "s": "slow", "e": "exhaustive"}
    items = [Mock(path=name, get_closest_marker=mark.__eq__) for name, mark in marks.items() if mark]
    items.insert(0, Mock(path="q", get_closest_marker=lambda name: None))
    pytest_collection_modifyitems(Mock(**{"getoption.return_value": tier}), items)
    assert "".join(item.path for item in items) == expected
