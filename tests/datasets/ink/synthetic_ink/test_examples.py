"""Numbered examples: reproducible one by one, no writer in two splits."""

from itertools import combinations

import numpy as np
import pytest

from seqapp.datasets.ink.ink import check
from seqapp.datasets.ink.synthetic_ink.examples import PER_WRITER, example
from seqapp.datasets.ink.synthetic_ink.words import SPLITS


def test_an_example_is_the_same_whenever_it_is_made():
    first, again = example("test", 7), example("test", 7)
    assert (first.id, first.text, first.writer_id) == (again.id, again.text, again.writer_id)
    np.testing.assert_array_equal(first.points, again.points)


def test_examples_differ_and_are_usable():
    inks = [example("train", index) for index in range(40)]
    assert len({ink.id for ink in inks}) == len({ink.points.tobytes() for ink in inks}) == 40
    assert all(check(ink) is None for ink in inks)


def test_ten_neighbours_share_a_writer():
    writers = [example("validation", index).writer_id for index in range(2 * PER_WRITER)]
    assert len(set(writers[:PER_WRITER])) == 1 and len(set(writers)) == 2


def test_splits_share_no_writer():
    last = 1000 * PER_WRITER - 1
    writers = {split: {example(split, index).writer_id for index in (0, 10, 300, last)} for split in SPLITS}
    assert all(writers[a].isdisjoint(writers[b]) for a, b in combinations(SPLITS, 2))


@pytest.mark.parametrize("split, index", [("test", 10_000), ("train", -1), ("dev", 0)])
def test_what_would_mix_splits_is_refused(split, index):
    with pytest.raises(ValueError, match="expected"):
        example(split, index)
