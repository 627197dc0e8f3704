"""Estimates are probability models, equal to the formula written out, and foresee what they have seen."""

import collections
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, estimate, estimate_encoded, log_prob, packed_counts, perplexity
from seqapp.decoding.ngram.counts import count_ngrams
from seqapp.decoding.ngram.encode import encode
from seqapp.decoding.ngram.estimate import FALLBACK_DISCOUNTS
from seqapp.decoding.ngram.packed_counts import count_packed
from seqapp.decoding.ngram.prune import pruned, relative_entropies
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


@settings(max_examples=40, deadline=None)
@given(sentences, st.integers(1, 6))
def test_both_ways_of_counting_agree(texts, order):
    pieces, tokens = encode(texts)
    cuts = [np.concatenate([[0], *([2 + i, 1, 0] for i in range(len(tokens) - 2))])[:-1], *pieces]
    for packed, plain in zip(count_packed(cuts, order, len(tokens)), count_ngrams(cuts, order, len(tokens))):
        for name in ("context", "token", "suffix", "is_initial"):
            np.testing.assert_array_equal(getattr(packed, name), getattr(plain, name), name)
        is_counted = plain.token > 0  # <s> is predicted nowhere
        np.testing.assert_array_equal(packed.count[is_counted], plain.count[is_counted])


def test_many_pieces_are_merged(monkeypatch):
    monkeypatch.setattr(packed_counts, "LEAST_MERGED", 10)
    pieces, tokens = encode(["abracadabra", "barbara", "cab"])
    whole = count_packed(pieces, 4, len(tokens))
    again = count_packed(np.split(pieces[0], np.flatnonzero(pieces[0] == 0)[1:]), 4, len(tokens))
    for one, other in zip(whole, again):
        np.testing.assert_array_equal(one.count, other.count)


def test_what_is_too_wide_to_pack_is_estimated_too():
    words = [[f"w{i % 700}", f"w{i * i % 700}"] for i in range(900)]
    pieces, tokens = encode(words)
    assert not packed_counts.can_pack(8, len(tokens)) and packed_counts.can_pack(3, len(tokens))
    assert np.isfinite(log_prob(estimate_encoded(pieces, tokens, 8), words[0]))


@settings(max_examples=40, deadline=None)
@given(sentences, st.integers(2, 5), st.floats(0, 1))
def test_pruned_models_are_small_and_sum_to_one(texts, order, share):
    pieces, tokens = encode(texts)
    full = estimate_encoded(pieces, tokens, order)
    size = int(share * (len(full) - 1))
    model = estimate_encoded(pieces, tokens, order, size)
    assert len(model) - 1 <= max(size, len(tokens))
    for node in range(len(model)):
        assert probability_sum(model, node) == pytest.approx(1.0, abs=1e-4)


def test_the_relative_entropy_is_that_of_leaving_one_ngram_out():
    texts = ["abab", "abc", "ca", "b", "abba"]
    pieces, tokens = encode(texts)
    model = estimate_encoded(pieces, tokens, 2)
    tables = count_ngrams(pieces, 2, len(tokens))
    counts = np.concatenate([[0], *(table.count for table in tables)])
    scores = relative_entropies(model, counts)
    a, b = model.index["a"], model.index["b"]
    left_out = model.child(1 + a, b)
    others = np.where(np.arange(len(model)) == left_out, 0.0, 1.0)
    smaller = pruned(model, others, len(model) - 2)
    assert smaller.child(1 + a, b) < 0 and len(smaller) == len(model) - 1
    old, new = ([m.score(1 + a, t) for t in range(1, len(tokens))] for m in (model, smaller))
    share = tables[1].count[tables[1].context == a].sum() / tables[0].count.sum()
    expected = share * sum(math.exp(p) * (p - q) for p, q in zip(old, new))
    assert scores[left_out] == pytest.approx(expected, rel=1e-4)
