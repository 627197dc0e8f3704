"""Estimation of an n-gram model from a text: interpolated, modified Kneser-Ney smoothing."""

from collections.abc import Iterable, Sequence

import numpy as np

from seqapp.decoding.ngram.counts import count_ngrams
from seqapp.decoding.ngram.encode import encode
from seqapp.decoding.ngram.model import NGramModel
from seqapp.decoding.ngram.packed_counts import can_pack, count_packed
from seqapp.decoding.ngram.prune import pruned, usefulness

FALLBACK_DISCOUNTS = (0.5, 1.0, 1.5)  # lmplz's, where a text is too small or too regular to say which


def estimate(
    sentences: Iterable[Iterable[str]], order: int, vocabulary: Iterable[str] = (), min_count: int = 1
) -> NGramModel:
    """Estimate the model of some sentences.

    A token counts c times; the n-gram of context h and token w, with h' the context without its first token, has

        p(w | h) = (c(hw) - D(c(hw))) / c(h) + gamma(h) p(w | h')
        gamma(h) = sum_w D(c(hw)) / c(h)

    where below the longest order c(hw) is the number of different tokens that stand before hw, but for the begin of a
    sentence, and the discounts D1, D2, D3 (for three and more) come from the number of n-grams that occur once, twice,
    three and four times. The shortest order is interpolated with 1 / V, so that nothing is impossible: what the text
    does not hold shares the probability of the unknown.

    Args:
        sentences: Iterable of sequences of tokens (strings): lists of words, or a string of characters.
        order: Longest n-gram, at least 1.
        vocabulary: Tokens that the model must know though the text may not hold them.
        min_count: Tokens that occur less often become the unknown one.

    Returns:
        `NGramModel`.

    Raises:
        ValueError: For no text at all, an order below 1, or a token that is one of `<s>`, `</s>` and `<unk>`.

    Reference: Chen and Goodman, An empirical study of smoothing techniques for language modeling, 1999, section 3;
    Heafield et al., Scalable modified Kneser-Ney language model estimation, 2013.
    """
    return estimate_encoded(*encode(sentences, vocabulary, min_count), order)


def estimate_encoded(
    pieces: Sequence[np.ndarray], tokens: Sequence[str], order: int, max_ngrams: int | None = None
) -> NGramModel:
    """Estimate the model of sentences whose tokens are numbered, as `encode` does.

    Args:
        pieces: Int arrays of whole sentences.
        tokens: `[V]` strings, `<s>` the first.
        order: Longest n-gram, at least 1.
        max_ngrams: Most n-grams of the model, 1-grams included, which all stay; None: as many as there are. The others
            are those that occur least, and of equal ones those without which the model changes least.

    Returns:
        `NGramModel`.

    Raises:
        ValueError: For an order below 1.
    """
    if order < 1:
        raise ValueError(f"The order of an n-gram model must be at least 1. Received: {order}.")
    count = count_packed if can_pack(order, len(tokens)) else count_ngrams
    tables = count(pieces, order, len(tokens))
    model = _smooth(tables, tokens)
    if max_ngrams is None or len(model) - 1 <= max_ngrams:
        return model
    counts = np.concatenate([[0], *(table.count for table in tables)])
    del tables
    return pruned(model, usefulness(model, counts), max_ngrams)


def _smooth(tables, tokens, begin=0):
    """Turn counts into probabilities, the shortest order first; `<s>` is a context, but never predicted."""
    num_predicted = len(tokens) - 1
    lower = np.array([1.0 / num_predicted])
    log_probs = []
    gammas = []
    for n, table in enumerate(tables, 1):
        counts = _adjusted(table, tables[n] if n < len(tables) else None).astype(np.float64)
        if n == 1:
            counts[begin] = 0.0
        discounts = _discount(counts, _discounts(counts))
        num_contexts = len(tables[n - 2]) if n > 1 else 1
        totals = np.bincount(table.context, counts, num_contexts)
        has_counts = totals > 0
        gamma = np.ones(num_contexts)
        np.divide(np.bincount(table.context, discounts, num_contexts), totals, out=gamma, where=has_counts)
        share = (counts - discounts) / np.where(has_counts, totals, 1.0)[table.context]
        probs = share + gamma[table.context] * lower[table.suffix]
        if n == 1:
            probs[begin] = 0.0
        log_probs.append(np.log(np.maximum(probs, 1e-99)))
        gammas.append(np.log(gamma))
        lower = probs
    return NGramModel.from_tables(tokens, tables, log_probs, gammas[1:])


def _adjusted(table, longer):
    """Return the occurrences of the longest n-grams; of shorter ones the number of different tokens before them."""
    if longer is None:
        return table.count
    return np.where(table.is_initial, table.count, np.bincount(longer.suffix, minlength=len(table)))


def _discounts(counts):
    """Return D1, D2, D3 of one order; Chen and Goodman 1999, equation 26."""
    n1, n2, n3, n4 = (np.count_nonzero(counts == k) for k in (1, 2, 3, 4))
    if not (n1 and n2 and n3):
        return FALLBACK_DISCOUNTS
    y = n1 / (n1 + 2 * n2)
    discounts = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
    # A discount below 0, or that takes all of a count, is the sign of counts that no text has by nature.
    return discounts if all(0 < d < k for k, d in enumerate(discounts, 1)) else FALLBACK_DISCOUNTS


def _discount(counts, discounts):
    """Return the amount that each count is lowered by; 0 where the count is 0."""
    return np.array([0.0, *discounts])[np.minimum(counts, 3).astype(np.int64)]
