"""Sections of ARPA files as arrays, and the tables of contexts and suffixes that they make."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np


@dataclasses.dataclass(frozen=True)
class Section:
    """The n-grams of one order, in any order.

    Attributes:
        ids: Int `[n, order]`, tokens.
        log_prob: Float64 `[n]`, base 10; NaN where it is yet to be found by backing off.
        backoff: Float64 `[n]`, base 10.
    """

    ids: np.ndarray
    log_prob: np.ndarray
    backoff: np.ndarray

    @classmethod
    def of(cls, ids, log_probs, backoffs, order: int = 1) -> "Section":
        """Make a section of sequences; `ids` may be flat."""
        ids = np.array(ids, np.int64).reshape(-1, order)
        return cls(ids, np.array(log_probs, np.float64), np.array(backoffs, np.float64))

    @classmethod
    def empty(cls, order: int) -> "Section":
        """Make the section of no n-gram."""
        return cls.of([], [], [], order)

    def __len__(self):
        return len(self.ids)


@dataclasses.dataclass(frozen=True)
class Table:
    """The n-grams of one order as `NGramModel.from_tables` wants them; `context` and `suffix` as in `Counts`."""

    context: np.ndarray
    token: np.ndarray
    suffix: np.ndarray


class Places:
    """Finds n-grams by their tokens in the tables of all orders so far.

    Args:
        num_tokens: V.
    """

    def __init__(self, num_tokens: int):
        self._num_tokens = num_tokens
        self._keys = []

    def add(self, context: np.ndarray, token: np.ndarray) -> None:
        """Add the table of the next order, sorted."""
        self._keys.append(context * self._num_tokens + token)

    def __call__(self, ids: np.ndarray) -> np.ndarray:
        """Return the place of each row of `[n, order]` in the table of its order, -1 where it is not there."""
        place = np.zeros(len(ids), np.int64)
        for keys, token in zip(self._keys, ids.T):
            key = np.where(place < 0, -1, place * self._num_tokens + token)
            place = np.searchsorted(keys, key)
            is_there = place < len(keys)
            is_there[is_there] = keys[place[is_there]] == key[is_there]
            place = np.where(is_there, place, -1)
        return place


def in_tables(path: str | Path, sections: Sequence[Section], tokens: Sequence[str]) -> tuple[list, list, list]:
    """Sort sections, the shortest order first.

    Args:
        path: Names the file in the error.
        sections: One per order; every part of an n-gram is in the section before.
        tokens: `[V]` strings.

    Returns:
        (tables, log-probabilities, back-offs), each with one entry per order.

    Raises:
        ValueError: If an n-gram stands there twice.
    """
    places = Places(len(tokens))
    tables, log_probs, backoffs = [], [], []
    for order, section in enumerate(sections, 1):
        context = places(section.ids[:, :-1])
        suffix = places(section.ids[:, 1:]) if order > 1 else np.zeros(len(section), np.int64)
        token = section.ids[:, -1]
        by_context = np.lexsort([token, context])
        table = Table(context[by_context], token[by_context], suffix[by_context])
        _expect_once(path, section.ids[by_context], table, tokens)
        log_prob = section.log_prob[by_context]
        if (unlisted := np.isnan(log_prob)).any():
            rows = table.context[unlisted], table.suffix[unlisted]
            log_prob[unlisted] = backoffs[-1][rows[0]] + log_probs[-1][rows[1]]
        places.add(table.context, table.token)
        tables.append(table)
        log_probs.append(log_prob)
        backoffs.append(section.backoff[by_context])
    return tables, log_probs, backoffs


def _expect_once(path, ids, table, tokens):
    again = (np.diff(table.context) == 0) & (np.diff(table.token) == 0)
    for place in np.flatnonzero(again)[:1]:
        name = " ".join(tokens[token] for token in ids[place])
        raise ValueError(f"{path}: the {ids.shape[1]}-gram {name!r} stands there twice.")
