"""Products of factors in three tiers: cases in which every value occurs; every pair of values; all of them.

What breaks one combination nearly always breaks a pair of values (this cell with that execution), so that cases that
cover all pairs find what the whole product finds, in a fraction of its time: CI runs these, `--tier slow`. Most of it
breaks a value, whatever it is combined with: the few cases that cover all values run by default. The whole product runs
before a release, `--tier all`.
"""

import itertools

import pytest


def every_pair(names, cases, strength=2):
    """Parametrize a test by cases that cover all values, by those that cover all pairs if slow, and by all others.

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
    chosen = covering(cases, strength)
    return representatives(names, covering(chosen, 1), cases, chosen)


def every_value(names, cases):
    """The same with every single value, where what depends on a pair is tested elsewhere."""
    return every_pair(names, cases, strength=1)


def representatives(names, quick, cases, slow=()):
    """The same with the `quick` ones of `cases` by default, and `slow` ones."""

    def marks(case):
        return () if case in quick else pytest.mark.slow if case in slow else pytest.mark.exhaustive

    return pytest.mark.parametrize(names, [pytest.param(*case, marks=marks(case)) for case in cases])


def mostly_slow(cases, quick):
    """Values of one argument of `pytest.mark.parametrize`: the `quick` ones as they are, the others slow."""
    values = [(case, case if isinstance(case, tuple) else (case,)) for case in cases]
    return [case if case in quick else pytest.param(*parts, marks=pytest.mark.slow) for case, parts in values]


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
