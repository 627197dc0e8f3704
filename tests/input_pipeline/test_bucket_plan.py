"""Batches of a few shapes, the same in every epoch, that hold every example once."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.input_pipeline import BucketPlan
from seqapp.input_pipeline.bucket_plan import bucket_ends, padded_frames
from seqapp.input_pipeline.stretch import MOST_SHAPES, best_buckets, shapes_and_padding
from tests.small_plans import plan_arguments


def make_plan(num_main=300, num_extra=100, data_seed=0, **changes):
    return BucketPlan(**{**plan_arguments(num_main, num_extra, data_seed), **changes})


plans = st.builds(
    make_plan,
    num_main=st.integers(1, 60), num_extra=st.integers(0, 40), data_seed=st.integers(0, 99),
    extra_share=st.sampled_from([0.0, 0.9]), longest_row=st.integers(1, 5), batch_frames=st.integers(1, 3000),
    max_batch_size=st.integers(1, 12), seed=st.integers(0, 2**31), stretch=st.sampled_from([1.0, 1.3]),
)  # fmt: skip
modest = settings(max_examples=60, deadline=None)


def speech_lengths(count=28_539, longest=1650):
    rng = np.random.default_rng(0)
    return np.where(rng.random(count) < 0.3, rng.integers(200, 1000, count), rng.integers(1100, longest, count))


@modest
@given(plans, st.integers(0, 3))
def test_an_epoch_holds_every_main_example_once_in_rows_that_fit_their_shape(plan, epoch):
    batches = list(plan.epoch(epoch))
    everything = np.concatenate([row for rows in batches for row in rows])
    assert sorted(everything[~plan.is_extra[everything]]) == np.flatnonzero(~plan.is_extra).tolist()
    assert len(set(everything)) == len(everything)
    for rows in batches:
        shape = plan.shape(rows)
        assert shape in plan.shapes and 1 <= len(rows) <= shape.num_rows
        if epoch == 0:  # joined rows of later epochs may be longer than any of the first
            assert max(plan.num_frames[row].sum() for row in rows) <= shape.num_frames
            assert max(plan.num_labels[row].sum() + len(row) - 1 for row in rows) <= shape.num_labels


@modest
@given(plans, st.integers(0, 30))
def test_restarting_at_any_step_continues_the_same_sequence(plan, start_step):
    def first(count, start):
        return [[row.tolist() for row in rows] for _, rows in itertools.islice(plan.batches(start), count)]

    assert first(8, start_step) == first(start_step + 8, 0)[start_step:]


def test_epochs_differ_in_their_batches_and_share_their_shapes():
    plan = make_plan()
    epochs = [list(plan.epoch(number)) for number in (0, 1)]
    assert {plan.shape(rows) for rows in epochs[0]} == {plan.shape(rows) for rows in epochs[1]}
    assert [rows[0].tolist() for rows in epochs[0]] != [rows[0].tolist() for rows in epochs[1]]
    assert sum(len(rows) < plan.shape(rows).num_rows for rows in epochs[0]) <= len(plan.shapes), "most are full"


def test_a_small_corpus_has_few_shapes():
    assert len(make_plan(num_main=12, num_extra=0, extra_share=0.0).shapes) == 1


@modest
@given(st.lists(st.integers(1, 30), min_size=1, max_size=9), st.integers(1, 4))
def test_buckets_are_those_of_least_padding(lengths, num_buckets):
    lengths = np.array(lengths)

    def padded(ends):
        return sum(min(end for end in ends if end >= length) for length in lengths)

    choices = [
        ends
        for size in range(1, num_buckets + 1)
        for ends in itertools.combinations(sorted(set(lengths.tolist())), size)
        if ends[-1] == lengths.max()
    ]
    ends = bucket_ends(lengths, num_buckets).tolist()
    assert ends in [list(choice) for choice in choices]
    assert padded(ends) == min(map(padded, choices))


def test_frames_beyond_the_longest_shape_are_rounded_up_to_twice_its_length():
    lengths = padded_frames(make_plan().shapes)
    longest = make_plan().shapes[-1].num_frames
    assert (np.diff(lengths) > 0).all() and longest in lengths and lengths[-1] >= 2 * longest


def test_lengths_like_librispeech_s_have_few_shapes_and_little_padding():
    """The bars of a compiled step: at most 25 shapes an epoch, 16 % padding, with speeds from 0.9 to 1.1."""
    lengths = speech_lengths()
    plan = make_plan(
        num_frames=lengths, num_labels=lengths // 7, groups=np.array([""] * len(lengths), object),
        is_extra=np.zeros(len(lengths), bool), extra_share=0.0, batch_frames=50_000, max_batch_size=128,
    )  # fmt: skip
    ratios = 1 / np.random.default_rng(2).uniform(0.9, 1.1, 64)
    plan = best_buckets(plan, ratios)
    shapes, padding = shapes_and_padding(plan, ratios, epoch=2)
    assert 13 <= len(shapes) <= 25 and padding <= 0.16
    assert max(shape.num_rows * shape.num_frames for shape in shapes) <= 50_000


def test_buckets_are_chosen_by_what_augmentation_does():
    ratios = np.array([0.9, 1.0, 1.0, 1.6])
    plan = best_buckets(make_plan(num_main=2_000), ratios)
    shapes, padding = shapes_and_padding(plan, ratios)
    assert len(shapes) <= MOST_SHAPES
    for stretch in (1.0, 1.6):
        others, more = shapes_and_padding(make_plan(num_main=2_000, stretch=stretch), ratios)
        assert padding <= more or len(others) > MOST_SHAPES
