"""Intervals against kaldialign, an independent bootstrap, and by their properties."""

import kaldialign
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.evaluation.bootstrap import bootstrap_interval


def made_up_counts(num_units, seed=0):
    generator = np.random.default_rng(seed)
    lengths = generator.integers(5, 60, num_units)
    return generator.binomial(lengths, generator.beta(2, 12, num_units)), lengths


def as_texts(errors, lengths):
    """References and hypotheses with just these errors: e of the n symbols replaced (here e <= n)."""
    references = [[0] * int(n) for n in lengths]
    return references, [[1] * int(e) + [0] * int(n - e) for e, n in zip(errors, lengths, strict=True)]


def test_interval_agrees_with_kaldialign():
    errors, lengths = made_up_counts(400)
    expected = kaldialign.bootstrap_wer_ci(*as_texts(errors, lengths), replications=10_000)
    interval = bootstrap_interval(errors, lengths)
    # kaldialign takes mean +- 1.96 standard deviations, we take percentiles: equal but for skew and sampling.
    tolerance = 0.05 * (interval.high - interval.low)
    assert interval.low == pytest.approx(expected["ci95min"], abs=tolerance)
    assert interval.high == pytest.approx(expected["ci95max"], abs=tolerance)


@settings(deadline=None, max_examples=50)
@given(st.integers(2, 40), st.integers(0, 1000))
def test_interval_holds_the_estimate_and_stays_among_the_units(num_units, seed):
    errors, lengths = made_up_counts(num_units, seed)
    interval = bootstrap_interval(errors, lengths, replications=2_000)
    rates = errors / lengths
    assert interval.low <= errors.sum() / lengths.sum() <= interval.high
    assert rates.min() - 1e-9 <= interval.low <= interval.high <= rates.max() + 1e-9


def test_interval_shrinks_with_the_square_root_of_the_units():
    errors, lengths = made_up_counts(50)
    few = bootstrap_interval(errors, lengths)
    many = bootstrap_interval(np.tile(errors, 16), np.tile(lengths, 16))
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(4.0, rel=0.05)


def test_interval_repeats_and_does_not_depend_on_order():
    errors, lengths = made_up_counts(30)
    order = np.random.default_rng(1).permutation(30)
    interval = bootstrap_interval(errors, lengths, "writer")
    assert bootstrap_interval(errors[order], lengths[order], "writer") == interval
    assert bootstrap_interval(errors, lengths, "writer", seed=1) != interval
    assert (interval.unit, interval.num_units) == ("writer", 30)


def test_chunks_do_not_change_the_replications(monkeypatch):
    errors, lengths = made_up_counts(30)
    whole = bootstrap_interval(errors, lengths, replications=1_000)
    monkeypatch.setattr("seqapp.evaluation.bootstrap._CHUNK", 30 * 7)
    assert bootstrap_interval(errors, lengths, replications=1_000) == whole


def test_equal_units_leave_no_doubt():
    interval = bootstrap_interval([1] * 20, [10] * 20)
    assert (interval.low, interval.high) == (0.1, 0.1)


def test_fewer_than_two_units_give_no_interval():
    assert bootstrap_interval([3], [10]) is None
    assert bootstrap_interval([], []) is None


def test_units_without_reference_are_allowed():
    interval = bootstrap_interval([0, 0], [0, 0])
    assert (interval.low, interval.high) == (0.0, 0.0)


def test_errors_and_lengths_must_match():
    with pytest.raises(ValueError, match=r"\(2,\) and \(3,\)"):
        bootstrap_interval([1, 2], [1, 2, 3])
