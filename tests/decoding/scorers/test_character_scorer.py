"""The rows of the scorer are the probabilities of its model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.ngram import estimate, log_prob
from seqapp.decoding.scorers.character_scorer import CharacterScorer
from seqapp.decoding.sentences import symbol_sentences
from seqapp.text import Alphabet
from tests.decoding.scorers.scoring import score_of

ALPHABET = Alphabet((" ", "a", "b", "c"))
TEXTS = ["a b", "abc abc", "cab b", "bbb a"]
MODEL = estimate(symbol_sentences(TEXTS, ALPHABET), 4)


@settings(max_examples=60, deadline=None)
@given(st.text("abc ", max_size=12), st.floats(0, 2), st.floats(0, 3))
def test_equals_the_model_weighed(text, weight, bonus):
    expected = weight * log_prob(MODEL, *symbol_sentences([text], ALPHABET)) + bonus * len(text)
    assert score_of(CharacterScorer(MODEL, ALPHABET, weight, bonus), text, ALPHABET) == pytest.approx(
        expected, abs=1e-4
    )


def test_symbols_that_the_model_does_not_know_share_the_unknown():
    alphabet = Alphabet((" ", "a", "b", "c", "x", "y"))
    scorer = CharacterScorer(MODEL, alphabet)
    start = np.array([scorer.start])
    row = scorer.rows(start)[0]
    assert row[4] == row[5]
    assert np.exp(row).sum() + np.exp(scorer.finish(start)[0]) == pytest.approx(1.0, abs=1e-4)


def test_many_contexts_are_kept_apart():
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("abc "), 40)) for _ in range(30)]
    model = estimate(symbol_sentences(texts, ALPHABET), 6)  # more contexts than the arrays have rows at first
    scorer = CharacterScorer(model, ALPHABET)
    for text in texts[:10]:
        expected = log_prob(model, *symbol_sentences([text], ALPHABET))
        assert score_of(scorer, text, ALPHABET) == pytest.approx(expected, abs=1e-3)


def test_forgets_contexts_where_they_would_take_too_much_memory(monkeypatch):
    model = estimate(["a cab", "a bad cab", "dab"], 4)
    alphabet = Alphabet(tuple("abcd "))
    labels = np.random.default_rng(0).integers(0, 5, 200)
    scorer, forgetful = CharacterScorer(model, alphabet), CharacterScorer(model, alphabet)
    monkeypatch.setattr("seqapp.decoding.scorers.character_scorer.MOST_VALUES", 12)  # two contexts
    state = other = np.array([scorer.start])
    for label in labels:
        np.testing.assert_array_equal(scorer.rows(state), forgetful.rows(other))
        state, other = scorer.advance(state, np.array([label])), forgetful.advance(other, np.array([label]))
    np.testing.assert_array_equal(scorer.finish(state), forgetful.finish(other))
    assert len(forgetful._next) <= 256
