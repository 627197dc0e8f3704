"""Examples held out for a corpus without splits: seeded, by writer where there are some, never empty."""

import pytest

from seqapp.datasets.hold_out import hold_out

SPLITS = ("validation", "test")


def test_no_writer_is_in_two_splits_and_each_split_has_a_tenth():
    ids = [f"e{number}" for number in range(100)]
    writers = [f"w{number % 20}" for number in range(100)]
    places = hold_out(ids, writers, SPLITS)
    assert [places.count(split) for split in ("train", *SPLITS)] == [80, 10, 10]
    splits_of = {writer: {place for place, of in zip(places, writers) if of == writer} for writer in writers}
    assert all(len(splits) == 1 for splits in splits_of.values())
    assert hold_out(ids, writers, SPLITS) == places


@pytest.mark.parametrize("writers", [[""] * 40, ["a", "b"] * 20])
def test_without_writers_or_with_few_examples_are_held_out_one_by_one(writers):
    places = hold_out([f"e{number}" for number in range(40)], writers, SPLITS)
    assert [places.count(split) for split in ("train", *SPLITS)] == [32, 4, 4]


def test_small_corpora_have_every_split_and_tiny_ones_none():
    assert sorted(hold_out(["a", "b", "c"], [""] * 3, SPLITS)) == ["test", "train", "validation"]
    assert hold_out(["a", "b"], [""] * 2, SPLITS) is None
