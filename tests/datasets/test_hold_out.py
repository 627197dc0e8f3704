"""Examples held out for a corpus without splits: seeded, by writer where there are some, never empty."""

import pytest

from seqapp.datasets.hold_out import hold_out

SPLITS = ("validation", "test")


def test_no_writer_is_in_two_splits_and_each_split_has_about_a_tenth():
    ids = [f"e{number}" for number in range(100)]
    writers = [f"w{number % 20}" for number in range(100)]
    places = hold_out(ids, writers, SPLITS)
    assert [places.count(split) for split in ("train", *SPLITS)] == [85, 10, 5]
    splits_of = {writer: {place for place, of in zip(places, writers) if of == writer} for writer in writers}
    assert all(len(splits) == 1 for splits in splits_of.values())
    assert hold_out(ids, writers, SPLITS) == places


@pytest.mark.parametrize("writers", [[""] * 40, ["a", "b"] * 20])
def test_without_writers_or_with_few_examples_are_held_out_one_by_one(writers):
    places = hold_out([f"e{number}" for number in range(40)], writers, SPLITS)
    assert [places.count(split) for split in ("train", *SPLITS)] == [34, 3, 3]


def test_small_corpora_have_every_split_and_tiny_ones_none():
    assert sorted(hold_out(["a", "b", "c"], [""] * 3, SPLITS)) == ["test", "train", "validation"]
    assert hold_out(["a", "b"], [""] * 2, SPLITS) is None


@pytest.mark.parametrize("by_writer", [False, True])
def test_who_is_held_out_stays_so_when_the_corpus_grows(by_writer):
    ids = [f"e{number}" for number in range(400)]
    writers = [f"w{number // 2}" if by_writer else "" for number in range(400)]
    places = hold_out(ids, writers, SPLITS)
    for count in (100, 200, 300):
        assert hold_out(ids[:count], writers[:count], SPLITS) == places[:count]
    assert hold_out(ids, writers, ("validation",)) == [place.replace("test", "train") for place in places]
    assert all(25 <= places.count(split) <= 55 for split in SPLITS)


def test_each_split_has_some_whatever_the_hash_gives():
    for seed in range(200):
        for count in (3, 4, 6):
            places = hold_out([f"{seed}/{number}" for number in range(count)], [""] * count, SPLITS)
            assert set(places) == {"train", *SPLITS}
