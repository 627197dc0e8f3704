"""N-gram counts of all orders, in arrays instead of dictionaries."""

import dataclasses
from collections.abc import Sequence

import numpy as np


@dataclasses.dataclass(frozen=True)
class Counts:
    """The n-grams of one order, sorted by context and then by token.

    Attributes:
        context: Int64 `[n]`, place of the first n - 1 tokens in the table of one order less.
        token: Int64 `[n]`, the last token.
        suffix: Int64 `[n]`, place of the last n - 1 tokens in the table of one order less.
        count: Int64 `[n]`, occurrences.
        is_initial: Bool `[n]`, whether the first token is the begin of a sentence: nothing ever stands before it.
    """

    context: np.ndarray
    token: np.ndarray
    suffix: np.ndarray
    count: np.ndarray
    is_initial: np.ndarray

    def __len__(self):
        return len(self.token)


def count_ngrams(pieces: Sequence[np.ndarray], order: int, num_tokens: int) -> list[Counts]:
    """Count the n-grams within sentences, in memory for every token of them, whatever their number and length.

    Args:
        pieces: List of int arrays of whole sentences, each from its begin, 0, to its end.
        order: Longest n.
        num_tokens: V; tokens lie in [0, V).

    Returns:
        One `Counts` per order, 1 first and with every token. An n-gram is named by its place in its table; the empty
        one by 0.
    """
    tokens = np.concatenate([np.zeros(0, np.int64), *pieces]).astype(np.int64)
    # How many tokens of its own sentence stand before each: an n-gram must not reach into the sentence before.
    places = np.arange(len(tokens))
    before = places - np.maximum.accumulate(np.where(tokens == 0, places, 0))
    tables = []
    names = np.zeros(len(tokens), np.int64)
    for n in range(1, order + 1):
        table, names = _count_order(tokens, before, names, n, num_tokens)
        tables.append(table)
    return _every_token(tables, num_tokens)


def _count_order(tokens, before, shorter, n, num_tokens):
    """Return one table, and `[N]` the name of the n-gram that ends at each place, undefined where none ends."""
    ends = np.flatnonzero(before >= n - 1)
    context = shorter[ends - 1] if n > 1 else np.zeros(len(ends), np.int64)
    keys, first, inverse, count = np.unique(
        context * num_tokens + tokens[ends], return_index=True, return_inverse=True, return_counts=True
    )
    where = ends[first]
    suffix = shorter[where] if n > 1 else np.zeros(len(where), np.int64)
    initial = tokens[where - n + 1] == 0
    names = np.zeros(len(tokens), np.int64)
    names[ends] = inverse
    return Counts(keys // num_tokens, keys % num_tokens, suffix, count, initial), names


def _every_token(tables, num_tokens):
    """Return the unigrams with those that never occur, so that place and token are one; contexts are renamed alike."""
    unigrams = tables[0]

    def spread(values, dtype):
        everything = np.zeros(num_tokens, dtype)
        everything[unigrams.token] = values
        return everything

    zeros = np.zeros(num_tokens, np.int64)
    full = type(unigrams)(
        zeros, np.arange(num_tokens), zeros, spread(unigrams.count, np.int64), spread(unigrams.is_initial, bool)
    )
    rest = tables[1:]
    if rest:
        names = unigrams.token
        bigrams = type(unigrams)(
            names[rest[0].context], rest[0].token, names[rest[0].suffix], rest[0].count, rest[0].is_initial
        )
        rest = [bigrams, *rest[1:]]
    return [full, *rest]
