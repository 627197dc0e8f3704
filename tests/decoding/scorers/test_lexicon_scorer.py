"""A lexicon lets through what is written in it, and nothing else."""

import logging

import numpy as np
import pytest

from seqapp.decoding.beam_search import NO_PRUNING, beam_search
from seqapp.decoding.scorers.lexicon_scorer import LexiconScorer
from seqapp.decoding.scorers.word_scorer import words_of
from seqapp.text import Alphabet
from tests.decoding.lattices import every_text, random_log_probs
from tests.decoding.scorers.scoring import score_of

ALPHABET = Alphabet((" ", "a", "b", "A", "'", ".", "3"))


def is_in(text, words):
    return all(word in words for word in words_of(text))


def test_a_lexicon_forbids_exactly_what_it_does_not_hold():
    alphabet, rng = Alphabet((" ", "a", "b")), np.random.default_rng(0)
    for _ in range(10):
        log_probs = random_log_probs(rng, 5, 4)
        found = {
            h.labels: h.ctc_score for h in beam_search(log_probs, [LexiconScorer(["ab", "b"], alphabet)], NO_PRUNING)
        }
        texts = every_text(log_probs).items()
        expected = {labels: s for labels, s in texts if is_in(alphabet.decode(labels), {"ab", "b"})}
        assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    "words, message", [([" ", ""], "no word"), (["axe"], "'axe' cannot be written"), (["3"], "'3'")]
)
def test_bad_lexica_are_named(words, message):
    with pytest.raises(ValueError, match=message):
        LexiconScorer(words, ALPHABET)


@pytest.mark.parametrize(
    "text, is_admitted",
    [
        ("mp3", True), ("mp", False), ("mp4", False), ("mp 3", False), ("mp33", True), ("an mp3.", True),
        ("cat", True), ("cat3", True), ("3cat", True), ("3 cats", False), ("cat-cat", True), ("3d", True),
        ("d", False), ("33d", False), ("3", True), ("e-mail", True), ("e mail", False), ("mail", False),
        ("caf\u00e9", True), ("cafe", False), ("mr. cat", True), ("'bout", True), ("bout", False), ("", True),
    ],
)  # fmt: skip
def test_digits_and_marks_within_a_word_belong_to_it(text, is_admitted):
    alphabet = Alphabet(tuple(" '-.34\u00e9" + "abcdefghijklmnopqrstuvwxyz"))
    words = ["mp3", "an", "cat", "3D", "e-mail", "cafe\u0301", "Mr.", "\u2019bout"]
    assert np.isfinite(score_of(LexiconScorer(words, alphabet), text, alphabet)) == is_admitted


def test_a_mark_that_the_alphabet_lacks_parts_its_word():
    alphabet = Alphabet(tuple("anot "))
    assert score_of(LexiconScorer(["an-on"], alphabet), "an on", alphabet) == 0


def test_words_that_cannot_be_written_are_named_and_left_out(caplog):
    alphabet = Alphabet(tuple("cat "))
    with caplog.at_level(logging.WARNING):
        scorer = LexiconScorer(["cat", "mp3", "at7", "dog"], alphabet)
    assert "3 of 4 words" in caplog.text and "'mp3', 'at7', 'dog'" in caplog.text
    assert score_of(scorer, "cat", alphabet) == 0 and np.isneginf(score_of(scorer, "at", alphabet))
