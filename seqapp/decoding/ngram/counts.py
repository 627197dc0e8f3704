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


def count_ngrams(sentences: Sequence[np.ndarray], order: int, num_tokens: int, begin: int) -> list[Counts]:
    """Count the n-grams within sentences.

    Args:
        sentences: List of int arrays, each from the begin of a sentence to its end.
        order: Longest n.
        num_tokens: V; tokens lie in [0, V).
        begin: The token that opens a sentence.

    Returns:
        One `Counts` per order, 1 first. An n-gram is named by its place in its table; the empty one by 0.
    """
    tokens = np.concatenate([np.zeros(0, np.int64), *sentences]).astype(np.int64)
    # How many tokens of its own sentence stand before each: an n-gram must not reach into the sentence before.
    before = np.concatenate([np.zeros(0, np.int64), *(np.arange(len(s)) for s in sentences)]).astype(np.int64)
    tables = []
    names = np.zeros(len(tokens), np.int64)
    for n in range(1, order + 1):
        table, names = _count_order(tokens, before, names, n, num_tokens, begin)
        tables.append(table)
    return tables


def _count_order(tokens, before, shorter, n, num_tokens, begin):
    """Return one table, and `[N]` the name of the n-gram that ends at each place, undefined where none ends."""
    ends = np.flatnonzero(before >= n - 1)
    context = shorter[ends - 1] if n > 1 else np.zeros(len(ends), np.int64)
    keys, first, inverse, count = np.unique(
        context * num_tokens + tokens[ends], return_index=True, return_inverse=True, return_counts=True
    )
    where = ends[first]
    suffix = shorter[where] if n > 1 else np.zeros(len(where), np.int64)
    initial = tokens[where - n + 1] == begin
    names = np.zeros(len(tokens), np.int64)
    names[ends] = inverse
    return Counts(keys // num_tokens, keys % num_tokens, suffix, count, initial), names
