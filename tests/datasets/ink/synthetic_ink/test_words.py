"""The word list: dealt out to splits that share no word."""

from itertools import combinations

import pytest

from seqapp.datasets.ink.synthetic_ink.glyphs import CHARACTERS
from seqapp.datasets.ink.synthetic_ink.words import SPLITS, words_of


def test_splits_share_no_word():
    folded = {split: {word.lower() for word in words_of(split)} for split in SPLITS}
    assert all(folded[a].isdisjoint(folded[b]) for a, b in combinations(SPLITS, 2))
    sizes = {split: len(words) for split, words in folded.items()}
    assert sizes["train"] > 3000 and sizes["validation"] > 300 and sizes["test"] > 300


def test_words_stand_once_in_the_list_in_writable_characters():
    words = [word for split in SPLITS for word in words_of(split)]
    assert len(words) == len(set(words))
    assert set("".join(words)) <= set(CHARACTERS)


def test_an_unknown_split_is_named():
    with pytest.raises(ValueError, match="dev"):
        words_of("dev")
