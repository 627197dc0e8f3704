"""Phrases: short, writable, and of one split's words and numbers only."""

import re

import numpy as np
import pytest

from seqapp.datasets.ink.synthetic_ink.glyphs import CHARACTERS
from seqapp.datasets.ink.synthetic_ink.phrases import LONGEST, phrase
from seqapp.datasets.ink.synthetic_ink.words import SPLITS, split_of


def tokens(text):
    return {re.sub(r"""^["(']|[.,?!:;)"']+$""", "", token).lower() for token in text.split()}


@pytest.mark.parametrize("split", SPLITS)
def test_phrases_use_their_own_splits_words_and_numbers_only(split):
    for seed in range(300):
        for token in tokens(phrase(split, np.random.default_rng(seed))):
            assert split_of(token) == split, token


def test_phrases_are_short_and_writable():
    for seed in range(300):
        text = phrase("train", np.random.default_rng(seed))
        assert set(text) <= set(CHARACTERS) and len(text) <= LONGEST and text == " ".join(text.split())
        assert 1 <= len(text.split()) <= 4


def test_one_word_at_most_when_asked():
    assert all(" " not in phrase("test", np.random.default_rng(seed), max_words=1) for seed in range(100))


def test_phrases_have_capitals_digits_and_punctuation():
    phrases = [phrase("train", np.random.default_rng(seed)) for seed in range(1000)]
    for pattern, low, high in ((r"^[A-Z]", 0.08, 0.3), (r"\d", 0.08, 0.3), (r"[.?!]$", 0.05, 0.3)):
        assert low < np.mean([bool(re.search(pattern, text)) for text in phrases]) < high, pattern
    assert set("".join(phrases)) >= set("abcdefghijklmnopqrstuvwxyz0123456789 .,?!'-")
