"""Products of factors in two tiers: cases in which every pair of values occurs; all of them with `--exhaustive`.

What breaks one combination nearly always breaks a pair of values (this cell with that execution), so that cases that
cover all pairs find what the whole product finds, in a fraction of its time. The whole product runs before a release.
"""

import itertools

import pytest


def every_pair(names, cases):
    """Parametrize a test by cases that cover all pairs of values, and by the others with `--exhaustive`.

    Args:
        names: Names of the arguments, as in `pytest.mark.parametrize`.
        cases: All combinations there are, such as an `itertools.product`; tuples of hashable values.

    Example:
        ```python
        @every_pair(("name", "size", "reverse"), itertools.product(CELLS, [0, 1, 5], [False, True]))
        def test_something(name, size, reverse): ...
        ```
    """
    cases = list(cases)
    chosen = set(covering(cases))
    others = pytest.mark.exhaustive
    return pytest.mark.parametrize(names, [pytest.param(*c, marks=() if c in chosen else others) for c in cases])


def covering(cases):
    """Few of `cases`, in their order: each pair of values of two arguments that occurs in any of them occurs in one."""
    left = set().union(*map(pairs, cases))
    chosen = []
    while left:
        best = max(cases, key=lambda case: len(left & pairs(case)))  # the first of the best: the same in all workers
        chosen.append(best)
        left -= pairs(best)
    return sorted(chosen, key=cases.index)


def pairs(case):
    """Pairs of values with their places; single values too, for cases of one."""
    values = list(enumerate(case))
    return {*itertools.combinations(values, 2), *((value,) for value in values)}
