"""Products of factors in two tiers: cases in which every pair of values occurs; all of them with `--exhaustive`.

What breaks one combination nearly always breaks a pair of values (this cell with that execution), so that cases that
cover all pairs find what the whole product finds, in a fraction of its time. The whole product runs before a release.
"""

import itertools

import pytest


def every_pair(names, cases, strength=2):
    """Parametrize a test by cases that cover all pairs of values, and by the others with `--exhaustive`.

    Args:
        names: Names of the arguments, as in `pytest.mark.parametrize`.
        cases: All combinations there are, such as an `itertools.product`; tuples of hashable values.
        strength: How many values are combined: 2, pairs.

    Example:
        ```python
        @every_pair(("name", "size", "reverse"), itertools.product(CELLS, [0, 1, 5], [False, True]))
        def test_something(name, size, reverse): ...
        ```
    """
    cases = list(cases)
    return representatives(names, covering(cases, strength), cases)


def every_value(names, cases):
    """The same with every single value, where what depends on a pair is tested elsewhere."""
    return every_pair(names, cases, strength=1)


def representatives(names, chosen, cases):
    """The same with `chosen` ones of `cases`."""
    others = pytest.mark.exhaustive
    return pytest.mark.parametrize(names, [pytest.param(*c, marks=() if c in chosen else others) for c in cases])


def covering(cases, strength=2):
    """Few of `cases`, in their order: each pair of values of two arguments that occurs in any of them occurs in one."""
    left = set().union(*(parts(case, strength) for case in cases))
    chosen = []
    while left:
        # The first of the best: the same in all workers.
        best = max(cases, key=lambda case: len(left & parts(case, strength)))
        chosen.append(best)
        left -= parts(best, strength)
    return sorted(chosen, key=cases.index)


def parts(case, strength):
    """So many of the values at a time and fewer, with their places."""
    values = list(enumerate(case))
    return {part for size in range(1, strength + 1) for part in itertools.combinations(values, size)}
