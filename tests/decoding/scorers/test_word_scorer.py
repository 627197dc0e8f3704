"""Words are scored where they end, and a lexicon lets through what is written in it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.beam_search import NO_PRUNING, beam_search
from seqapp.decoding.ngram import END, UNKNOWN, estimate
from seqapp.decoding.scorers.word_scorer import LexiconScorer, WordScorer, words_of
from seqapp.text import Alphabet
from tests.decoding.lattices import every_text, random_log_probs
from tests.decoding.scorers.scoring import score_of

ALPHABET = Alphabet((" ", "a", "b", "A", "'", ".", "3"))
MODEL = estimate([["a", "ab"], ["ab", "a'b"], ["b", "a"]], 2)


def plain_score(text, weight, bonus):
    context, total = MODEL.begin, 0.0
    for word in words_of(text):
        number = MODEL.index.get(word, MODEL.index[UNKNOWN])
        total += weight * MODEL.score(context, number) + bonus
        context = MODEL.advance(context, number)
    return total + weight * MODEL.score(context, MODEL.index[END])


@settings(max_examples=80, deadline=None)
@given(st.text("abA'. 3", max_size=10))
def test_equals_the_model_word_by_word(text):
    scorer = WordScorer(MODEL, ALPHABET, 0.7, 1.2)
    assert score_of(scorer, text, ALPHABET) == pytest.approx(plain_score(text, 0.7, 1.2), abs=1e-4)


def test_words_are_letters_and_apostrophes_without_case():
    assert words_of("Ab, it's 3 o\u2019clock!") == ["ab", "it's", "o'clock"]


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
