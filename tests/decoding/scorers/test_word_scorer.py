"""Words are scored where they end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.ngram import END, UNKNOWN, estimate
from seqapp.decoding.scorers.word_scorer import WordScorer, words_of
from seqapp.text import Alphabet
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


def test_of_words_that_differ_in_case_alone_the_likelier_one_counts():
    alphabet = Alphabet((" ", "a", "b"))
    model = estimate([["A"], *[["a"]] * 9, ["b"]], 1)
    likelier, rarer = (model.log_prob[1 + model.index[word]] for word in ("a", "A"))
    score = score_of(WordScorer(model, alphabet), "a", alphabet)
    assert likelier > rarer and score == pytest.approx(likelier + model.log_prob[1 + model.index[END]], abs=1e-4)


def test_words_in_another_unicode_form_are_met():
    alphabet = Alphabet(("a", "\u00e9"))
    model = estimate([["e\u0301a"], ["aa"]], 1)
    found = score_of(WordScorer(model, alphabet), "\u00e9a", alphabet)
    assert found > score_of(WordScorer(model, alphabet), "\u00e9\u00e9", alphabet) + 0.1
