"""Batches of a few shapes, the same in every epoch, that hold every example once."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.input_pipeline import BucketPlan
from seqapp.input_pipeline.bucket_plan import bucket_ends
from seqapp.input_pipeline.stretch import MOST_SHAPES, NUM_BATCHES, NUM_BUCKETS, best_buckets, shapes_and_padding
from tests.small_plans import plan_arguments


def make_plan(num_main=300, num_extra=100, data_seed=0, **changes):
    return BucketPlan(**{**plan_arguments(num_main, num_extra, data_seed), **changes})


plans = st.builds(
    make_plan,
    num_main=st.integers(1, 60), num_extra=st.integers(0, 40), data_seed=st.integers(0, 99),
    extra_share=st.sampled_from([0.0, 0.9]), longest_row=st.integers(1, 5), batch_frames=st.integers(1, 3000),
    max_batch_size=st.integers(1, 12), seed=st.integers(0, 2**31),
    ratios=st.sampled_from([np.ones(1), np.array([0.7, 1.0, 1.3])]),
)  # fmt: skip
modest = settings(max_examples=60, deadline=None)


def speech_lengths(count=28_539, longest=1650):
    rng = np.random.default_rng(0)
    return np.where(rng.random(count) < 0.3, rng.integers(200, 1000, count), rng.integers(1100, longest, count))


@modest
@given(plans, st.integers(0, 3))
def test_an_epoch_holds_every_main_example_once_in_batches_of_the_rows_of_their_shape(plan, epoch):
    batches = plan.epoch(epoch)
    everything = np.concatenate([row for rows in batches for row in rows])
    assert sorted(everything[~plan.is_extra[everything]]) == np.flatnonzero(~plan.is_extra).tolist()
    assert len(set(everything)) == len(everything)
    missing = [plan.shapes[batches.bucket(k)].num_rows - len(rows) for k, rows in enumerate(batches)]
    assert min(missing) == 0 or len(batches) == 1
    assert sum(number > 0 for number in missing) <= 1, "all but one batch of the epoch are full"


@modest
@given(plans, st.integers(0, 30))
def test_restarting_at_any_step_continues_the_same_groups(plan, start_step):
    def first(count, start):
        groups = itertools.islice(plan.step_groups(start), count)
        return [(g.first_step, [[row.tolist() for row in rows] for rows in g.batches], g.shapes) for g in groups]

    groups = [group for group in first(40, 0) if group[0] + len(group[1]) > start_step][:3]
    assert groups == first(3, start_step)
    assert groups[0][0] <= start_step < groups[1][0] == groups[0][0] + len(groups[0][1])
    step, rows = next(plan.batches(start_step))
    assert [row.tolist() for row in rows] == groups[0][1][start_step - groups[0][0]]


def test_groups_have_about_as_many_batches_of_each_bucket():
    plan = make_plan(num_main=4_000)
    epoch = plan.epoch(1)
    groups = [[epoch.bucket(k) for k in range(*bounds)] for bounds in itertools.pairwise(epoch.bounds)]
    assert len(groups) > 9
    for bucket in range(len(plan.shapes)):
        counts = [group.count(bucket) for group in groups]
        assert max(counts) - min(counts) <= 1


def test_epochs_differ_in_their_batches():
    epochs = [list(make_plan().epoch(number)) for number in (0, 1)]
    assert [rows[0].tolist() for rows in epochs[0]] != [rows[0].tolist() for rows in epochs[1]]


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


def test_paddings_rise_beyond_the_longest_shape_up_to_twice_its_length():
    plan = make_plan()
    assert (np.diff(plan.paddings, axis=0) >= 0).all() and (np.diff(plan.paddings[:, 0]) > 0).all()
    assert [tuple(row) for row in plan.paddings[: len(plan.shapes)].tolist()] == [shape[1:] for shape in plan.shapes]
    longest = plan.shapes[-1]
    assert plan.paddings[-1, 0] >= 2 * longest.num_frames
    assert plan.padded(3, longest.num_frames - 1, 1) == (3, *longest[1:])
    assert plan.padded(3, 10**6, 10**5) == (3, 10**6, 10**5), "beyond all, as long as the longest"


def test_lengths_like_librispeech_s_have_few_shapes_and_little_padding():
    """The bars of a compiled step: at most 25 shapes an epoch, 16 % padding, with speeds from 0.9 to 1.1."""
    lengths = speech_lengths()
    ratios = 1 / np.random.default_rng(2).uniform(0.9, 1.1, 64)
    plan = make_plan(
        ratios=ratios, num_frames=lengths, num_labels=lengths // 7, groups=np.array([""] * len(lengths), object),
        is_extra=np.zeros(len(lengths), bool), extra_share=0.0, batch_frames=50_000, max_batch_size=128,
    )  # fmt: skip
    plan = best_buckets(plan)
    shapes, padding = shapes_and_padding(plan, ratios, epoch=2)
    assert 13 <= len(shapes) <= 25 and padding <= 0.16
    assert max(shape.num_rows * shape.num_frames for shape in plan.shapes) <= 50_000


def test_lengths_that_augmentation_changes_much_leave_little_padding_too():
    """As ink does that was written narrow or wide: batches of the lengths of before would be 35 % padding."""
    lengths = speech_lengths()
    ratios = np.exp(np.random.default_rng(2).normal(scale=0.17, size=64))
    plan = make_plan(
        ratios=ratios, num_frames=lengths, num_labels=lengths // 7, groups=np.array([""] * len(lengths), object),
        is_extra=np.zeros(len(lengths), bool), extra_share=0.0, batch_frames=16_000, max_batch_size=32,
    )  # fmt: skip
    shapes, padding = shapes_and_padding(best_buckets(plan), ratios, epoch=2)
    assert len(shapes) <= 25 and padding <= 0.16


def test_buckets_are_those_of_least_padding_among_few_enough_shapes():
    ratios = np.array([0.9, 1.0, 1.0, 1.6])
    plan = best_buckets(make_plan(num_main=2_000, ratios=ratios))
    shapes, padding = shapes_and_padding(plan, ratios)
    for most_buckets in NUM_BUCKETS:
        other = make_plan(num_main=2_000, ratios=ratios, most_buckets=most_buckets)
        others, more = shapes_and_padding(other, ratios, 0, NUM_BATCHES)
        assert padding <= more or len(others) > MOST_SHAPES >= len(shapes)
