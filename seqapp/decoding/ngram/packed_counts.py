"""N-gram counts of large texts: n-grams packed into 64 bits, sorted piece by piece, and merged."""

from collections.abc import Iterable

import numpy as np

from seqapp.decoding.ngram.counts import Counts

WIDTH = 64  # bits of a key
LEAST_MERGED = 1 << 23  # keys that are collected before they are merged


def can_pack(order: int, num_tokens: int) -> bool:
    """Tell whether n-grams of some length fit into a key: 8 of up to 256 characters, 3 of 2 million words."""
    return order * _bits(num_tokens) <= WIDTH


def count_packed(pieces: Iterable[np.ndarray], order: int, num_tokens: int) -> list[Counts]:
    """Count the n-grams within sentences, in memory for the different n-grams of the longest order.

    Only these are counted in the text: shorter ones are their ends. At the begin of a sentence they are filled up with
    `<s>`, which is 0; n-grams that hold more than one `<s>` are no n-grams, and are left out of the tables.

    Args:
        pieces: Int arrays of whole sentences, from 0 to their end.
        order: Longest n.
        num_tokens: V; `can_pack` must hold.

    Returns:
        One `Counts` per order, 1 first, that of order 1 with every token.
    """
    bits = _bits(num_tokens)
    keys, counts = _merged(_unique(_pack(piece, order, bits)) for piece in pieces)
    levels = []
    for n in range(order, 0, -1):
        is_ngram = (keys >> np.uint64(bits * (n - 2))) & _mask(bits) != 0 if n > 1 else np.ones(len(keys), bool)
        levels.append((keys[is_ngram], counts[is_ngram]))
        if n > 1:
            keys, counts = _summed(keys & _mask(bits * (n - 1)), counts)
    tables = [_unigrams(*levels.pop(), num_tokens)]
    shorter = np.arange(num_tokens, dtype=np.uint64)
    for n in range(2, order + 1):
        keys, counts = levels.pop()
        tables.append(_table(keys, counts, shorter, n, bits))
        shorter = keys
    return tables


def _bits(num_tokens):
    return max(1, int(num_tokens - 1).bit_length())


def _mask(bits):
    return np.uint64((1 << bits) - 1)


def _pack(piece, order, bits):
    """Return the key of the n-gram that ends at each token but the begins of sentences, the last token lowest."""
    tokens = piece.astype(np.uint64)
    places = np.arange(len(tokens))
    before = places - np.maximum.accumulate(np.where(tokens == 0, places, 0))
    keys = tokens.copy()
    for n in range(1, order):
        keys[n:] |= np.where(before[n:] >= n, tokens[:-n], 0).astype(np.uint64) << np.uint64(bits * n)
    return keys[before > 0]


def _unique(keys):
    keys.sort()
    first = _first_of_equal(keys)
    return keys[first], np.diff(np.append(first, len(keys))).astype(np.int32)


def _summed(keys, counts):
    """Sort keys, each once, with the sums of their counts."""
    by_key = np.argsort(keys, kind="stable")
    keys = keys[by_key]
    first = _first_of_equal(keys)
    sums = np.add.reduceat(counts[by_key], first) if len(first) else counts[:0]
    return keys[first], sums


def _first_of_equal(keys):
    is_first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)


def _merged(pairs):
    """Merge sorted (keys, counts) into one; at no time are more waiting than twice what is there."""
    merged = np.zeros(0, np.uint64), np.zeros(0, np.int32)
    waiting = []
    for pair in pairs:
        waiting.append(pair)
        if sum(len(keys) for keys, _ in waiting) > max(LEAST_MERGED, len(merged[0])):
            merged = _summed(*map(np.concatenate, zip(merged, *waiting)))
            waiting = []
    return _summed(*map(np.concatenate, zip(merged, *waiting))) if waiting else merged


def _unigrams(keys, counts, num_tokens):
    """Return the table of order 1; `<s>` is never counted, since it is never predicted."""
    spread = np.zeros(num_tokens, np.int64)
    spread[keys.astype(np.int64)] = counts
    zeros = np.zeros(num_tokens, np.int64)
    tokens = np.arange(num_tokens)
    return Counts(zeros, tokens, zeros, spread, tokens == 0)


def _table(keys, counts, shorter, n, bits):
    return Counts(
        context=np.searchsorted(shorter, keys >> np.uint64(bits)).astype(np.int32),
        token=(keys & _mask(bits)).astype(np.int32),
        suffix=np.searchsorted(shorter, keys & _mask(bits * (n - 1))).astype(np.int32),
        count=counts,
        is_initial=keys >> np.uint64(bits * (n - 1)) == 0,
    )
