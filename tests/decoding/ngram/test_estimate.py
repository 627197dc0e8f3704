"""Estimates are probability models, equal to the formula written out, and foresee what they have seen."""

import collections
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, estimate, log_prob, perplexity
from seqapp.decoding.ngram.estimate import FALLBACK_DISCOUNTS
from seqapp.decoding.ngram.sums import probability_sum

sentences = st.lists(st.text("abcd", max_size=8), min_size=1, max_size=12).filter(any)


@settings(max_examples=60, deadline=None)
@given(sentences, st.integers(1, 5))
def test_probabilities_sum_to_one_after_every_context(texts, order):
    model = estimate(texts, order, vocabulary="xyz")
    for node in range(len(model)):
        assert probability_sum(model, node) == pytest.approx(1.0, abs=1e-5)


def plain_probability(texts, order, context, token):
    """Kneser-Ney in dictionaries, with the fallback discounts, one n-gram at a time."""
    padded = [(BEGIN, *text, END) for text in texts]
    raw = collections.Counter(s[i : i + n] for s in padded for n in range(1, order + 1) for i in range(len(s) - n + 1))
    vocabulary = {UNKNOWN} | {g[0] for g in raw if len(g) == 1} - {BEGIN}

    def count(ngram):
        if ngram == (BEGIN,):
            return 0
        if len(ngram) == order or ngram[0] == BEGIN:
            return raw[ngram]
        return len({g[0] for g in raw if len(g) == len(ngram) + 1 and g[1:] == ngram})

    def discount(c):
        return FALLBACK_DISCOUNTS[min(c, 3) - 1] if c else 0.0

    def probability(context, token):
        lower = probability(context[1:], token) if context else 1 / len(vocabulary)
        counts = {w: count((*context, w)) for w in vocabulary}
        if not (total := sum(counts.values())):
            return lower
        gamma = sum(map(discount, counts.values())) / total
        return (counts[token] - discount(counts[token])) / total + gamma * lower

    return probability(context, token)


def test_equals_the_formula_written_out():
    texts = ["abab", "abc", "ca", "b"]  # too small for discounts of its own
    model = estimate(texts, 3)
    for context in [(), ("a",), ("b",), (BEGIN,), (BEGIN, "a"), ("a", "b"), ("b", "a")]:
        node = 0
        for token in context:
            node = model.child(node, model.number(token))
        for token in ("a", "b", "c", END, UNKNOWN):
            expected = math.log(plain_probability(texts, 3, context, token))
            assert model.score(node, model.number(token)) == pytest.approx(expected, abs=1e-5), (context, token)


def test_a_longer_order_foresees_a_regular_text_better():
    texts = ["abcabcabc"] * 20 + ["cba"] * 3
    bigram, unigram = perplexity(estimate(texts, 2), texts), perplexity(estimate(texts, 1), texts)
    assert 1 < bigram < unigram < 4


def test_the_log_probability_of_a_sentence_counts_its_end():
    model = estimate(["ab", "b"], 2)
    node, total = model.begin, 0.0
    for token in ("a", "b", END):
        total += model.score(node, model.number(token))
        node = model.advance(node, model.number(token))
    assert log_prob(model, "ab") == pytest.approx(total)


def test_what_was_never_seen_is_unlikely_but_possible():
    model = estimate(["aaa", "aab"], 2, vocabulary="z")
    assert 0 < math.exp(log_prob(model, "z")) < math.exp(log_prob(model, "a"))
    assert np.isfinite(log_prob(model, "?"))


def test_rare_tokens_become_the_unknown_one():
    model = estimate([["the", "cat"], ["the", "dog"]], 2, min_count=2)
    assert set(model.tokens) == {BEGIN, END, UNKNOWN, "the"}


@pytest.mark.parametrize(
    "texts, order, message",
    [([], 2, "no token at all"), (["", ""], 2, "no token"), (["a"], 0, "at least 1"), ([["<s>"]], 2, "<s> may not")],
)
def test_mistakes_are_named(texts, order, message):
    with pytest.raises(ValueError, match=message):
        estimate(texts, order)
