"""The plan is a pure function of seed and step, and keeps the promises it makes about rows and batches."""

import hashlib
import itertools
import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.input_pipeline import BatchPlan
from tests.small_plans import plan_arguments


def make_plan(num_main=40, num_extra=60, data_seed=0, **changes):
    return BatchPlan(**{**plan_arguments(num_main, num_extra, data_seed), **changes})


plans = st.builds(
    make_plan,
    num_main=st.integers(1, 30), num_extra=st.integers(0, 40), data_seed=st.integers(0, 99),
    extra_share=st.sampled_from([0.0, 0.2, 0.9]), longest_row=st.integers(1, 5), batch_frames=st.integers(1, 3000),
    max_batch_size=st.integers(1, 12), seed=st.integers(0, 2**31),
)  # fmt: skip
modest = settings(max_examples=60, deadline=None)


def as_lists(batches):
    return [[row.tolist() for row in rows] for rows in batches]


def first_steps(plan, count, start_step=0):
    taken = list(itertools.islice(plan.batches(start_step), count))
    assert [step for step, _ in taken] == list(range(start_step, start_step + count))
    return as_lists(rows for _, rows in taken)


@modest
@given(plans, st.integers(0, 30))
def test_restarting_at_any_step_continues_the_same_sequence(plan, start_step):
    assert first_steps(plan, 8, start_step) == first_steps(plan, start_step + 8)[start_step:]


@modest
@given(plans, st.integers(0, 3))
def test_an_epoch_holds_every_main_example_once_and_no_extra_one_twice(plan, epoch):
    rows = [row for rows in plan.epoch(epoch) for row in rows]
    main = [row[0] for row in rows if not plan.is_extra[row[0]]]
    assert sorted(main) == np.flatnonzero(~plan.is_extra).tolist()
    everything = np.concatenate(rows)
    assert len(everything) == len(set(everything))


@modest
@given(plans)
def test_batches_keep_their_limits_unless_one_row_is_too_long(plan):
    for rows in plan.epoch(0):
        frames = [plan.num_frames[row].sum() for row in rows]
        assert 1 <= len(rows) <= plan.max_batch_size
        assert len(rows) * max(frames) <= plan.batch_frames or len(rows) == 1


@modest
@given(plans)
def test_joined_rows_are_extra_examples_of_one_writer(plan):
    for row in (row for rows in plan.epoch(0) for row in rows):
        assert 1 <= len(row) <= plan.longest_row
        if len(row) > 1:
            assert plan.is_extra[row].all() and len(set(plan.groups[row])) == 1


def test_unknown_writers_are_not_taken_for_one():
    plan = make_plan(groups=np.array([""] * 100, dtype=object))
    assert {len(row) for rows in plan.epoch(0) for row in rows} == {1}


def test_rows_are_joined_in_all_numbers_up_to_the_limit():
    lengths = [len(row) for rows in make_plan(num_extra=400, extra_share=0.6).epoch(0) for row in rows]
    assert set(lengths) == {1, 2, 3, 4}


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8])
def test_extra_labels_have_their_share(share):
    plan = make_plan(num_main=50, num_extra=3000, extra_share=share)
    rows = [row for rows in plan.epoch(0) for row in rows]
    labels = np.array([plan.num_labels[row].sum() + len(row) - 1 for row in rows])
    extra = np.array([plan.is_extra[row[0]] for row in rows])
    one_row = 4 * 8 + 3  # labels of the longest joined row: what the last one may add
    assert labels[extra].sum() / labels.sum() == pytest.approx(share, abs=one_row / labels.sum())


def test_extra_examples_are_used_up_where_there_are_too_few_for_their_share():
    plan = make_plan(num_extra=10, extra_share=0.99)
    used = np.concatenate([row for rows in plan.epoch(0) for row in rows])
    assert set(used) == set(range(50))


def test_seed_and_epoch_change_the_order():
    orders = [as_lists(plan.epoch(epoch)) for plan in (make_plan(), make_plan(seed=1)) for epoch in (0, 1)]
    assert all(a != b for a, b in itertools.combinations(orders, 2))
    assert as_lists(make_plan().epoch(1)) == orders[1]


def test_neighbours_change_from_epoch_to_epoch():
    plan = make_plan(num_main=200, num_extra=0)
    pairs = [
        {frozenset(pair) for rows in plan.epoch(e) for pair in itertools.combinations([row[0] for row in rows], 2)}
        for e in (0, 1)
    ]
    assert len(pairs[0] & pairs[1]) < 0.5 * len(pairs[0])


def test_batches_of_similar_length_waste_little():
    plan = make_plan(num_main=500, num_extra=0, batch_frames=4000, max_batch_size=64)
    padded = sum(len(rows) * max(plan.num_frames[row].sum() for row in rows) for rows in plan.epoch(0))
    assert plan.num_frames.sum() / padded > 0.8  # random batches of this corpus reach 0.59


def test_plans_are_those_of_the_first_version():
    """Digests of its lists: a workdir that was begun with it resumes with the batches that it would have had."""
    plans = [json.dumps(as_lists(make_plan().epoch(epoch))) for epoch in (0, 7)]
    assert [hashlib.sha1(plan.encode()).hexdigest()[:12] for plan in plans] == ["145972947862", "a2775fd719b8"]


def test_a_resumption_in_epoch_20_counts_the_epochs_before_without_making_them():
    plan = make_plan(num_main=100_000, num_extra=0)
    start = time.process_time()
    step, rows = next(plan.batches(20 * len(plan.epoch(0))))
    assert time.process_time() - start < 4.0 and rows  # 0.8 s on a slow core; 20 s when epochs were lists


def test_a_corpus_without_main_examples_is_refused():
    with pytest.raises(ValueError, match="No usable training example"):
        make_plan(num_main=0)


def test_fifty_thousand_examples_are_planned_in_a_moment():
    plan = make_plan(num_main=25_000, num_extra=25_000, extra_share=0.1)
    start = time.process_time()
    plan.epoch(0)
    assert time.process_time() - start < 1.0  # 0.2 s on a slow core
