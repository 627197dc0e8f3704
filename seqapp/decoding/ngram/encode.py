"""Sentences of tokens as arrays of their numbers."""

import array
from collections.abc import Iterable, Sequence

import numpy as np

from seqapp.decoding.ngram.model import BEGIN, END, UNKNOWN

SPECIAL = (BEGIN, END, UNKNOWN)  # tokens 0, 1 and 2 of every model that is estimated here
PIECE = 1 << 22  # tokens in one array, about


def encode(
    sentences: Iterable[Sequence[str]], vocabulary: Iterable[str] = (), min_count: int = 1
) -> tuple[list[np.ndarray], list[str]]:
    """Number the tokens of sentences: the special ones first, then all others, sorted.

    Args:
        sentences: Iterable of sequences of strings.
        vocabulary: Tokens that get a number though no sentence may hold them.
        min_count: Tokens that occur less often become the unknown one.

    Returns:
        (pieces, tokens): int32 arrays of whole sentences one behind the other, each from `<s>` to `</s>`, and the
        strings.

    Raises:
        ValueError: For no token at all, or one that is special.
    """
    numbers = {token: number for number, token in enumerate(SPECIAL)}
    pieces = [array.array("i")]
    is_empty = True
    for sentence in sentences:
        if len(pieces[-1]) > PIECE:
            pieces.append(array.array("i"))
        inner = [numbers.setdefault(token, len(numbers)) for token in sentence]
        if inner and min(inner) < len(SPECIAL):
            raise ValueError(f"{SPECIAL[min(inner)]} may not stand in a text: a language model adds it itself.")
        is_empty = is_empty and not inner
        pieces[-1].extend([0, *inner, 1])
    if is_empty:
        raise ValueError("Expected sentences to estimate a language model from. Received: no token at all.")
    wanted = set(vocabulary) - set(SPECIAL)
    for token in wanted:
        numbers.setdefault(token, len(numbers))
    return renumbered([np.array(piece, np.int32) for piece in pieces], list(numbers), wanted, min_count)


def renumbered(
    pieces: list[np.ndarray], tokens: Sequence[str], wanted: Iterable[str] = (), min_count: int = 1
) -> tuple[list[np.ndarray], list[str]]:
    """Number tokens anew, sorted, but for the special ones: those that are wanted or occur often enough.

    Args:
        pieces: Int arrays; they are changed.
        tokens: `[V]` strings, the special ones first.
        wanted, min_count: As for `encode`.

    Returns:
        As `encode`.
    """
    counts = sum(np.bincount(piece, minlength=len(tokens)) for piece in pieces)
    wanted = set(wanted)
    rest = tokens[len(SPECIAL) :]
    kept = sorted(token for token, count in zip(rest, counts[len(SPECIAL) :]) if count >= min_count or token in wanted)
    number_of = {token: number for number, token in enumerate(kept, len(SPECIAL))}
    unknown = SPECIAL.index(UNKNOWN)
    new = np.array([0, 1, 2, *(number_of.get(token, unknown) for token in rest)], np.int32)
    for piece in pieces:
        piece[:] = new[piece]
    return pieces, [*SPECIAL, *kept]
