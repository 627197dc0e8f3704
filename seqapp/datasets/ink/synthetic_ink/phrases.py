"""Random short texts of one split's words, with capitals, numbers and punctuation, as in notes."""

import numpy as np

from seqapp.datasets.ink.synthetic_ink.words import split_of, words_of

LONGEST = 28  # characters; further words are left off
_CAPITALISED, _PUNCTUATED, _ENCLOSED = 0.12, 0.2, 0.03  # shares of texts
_SHOUTED, _NUMBER, _COMMA = 0.02, 0.08, 0.06  # shares of words: in capitals, a number, with a comma
_ENDINGS = (".", ".", ".", ",", ",", "?", "!", ":", ";")
_PAIRS = ('""', "()", "''")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def phrase(split: str, draw: np.random.Generator, max_words: int = 4) -> str:
    """Compose a text.

    Args:
        split: One of words.SPLITS; only its words and numbers are used.
        draw: Source of chance.
        max_words: Most words in it; their number is uniform from 1.

    Returns:
        Text of at most LONGEST characters, single spaces between its words.
    """
    tokens = [_token(split, draw) for _ in range(draw.integers(1, max_words + 1))]
    tokens = [_with_comma(token, draw) for token in tokens[:-1]] + tokens[-1:]
    while len(tokens) > 1 and sum(map(len, tokens)) + len(tokens) + 2 > LONGEST:
        tokens.pop()
    if draw.random() < _CAPITALISED:
        tokens[0] = tokens[0][0].upper() + tokens[0][1:]
    return _punctuated(" ".join(tokens), draw)


def _token(split: str, draw: np.random.Generator) -> str:
    if draw.random() < _NUMBER:
        return _number(split, draw)
    words = words_of(split)
    word = words[draw.integers(len(words))]
    return word.upper() if draw.random() < _SHOUTED and len(word) < 7 else word


def _with_comma(token: str, draw: np.random.Generator) -> str:
    return token + "," if draw.random() < _COMMA else token


def _punctuated(text: str, draw: np.random.Generator) -> str:
    chance = draw.random()
    if chance < _ENCLOSED:
        opening, closing = _PAIRS[draw.integers(len(_PAIRS))]
        return opening + text.rstrip(",") + closing
    if chance < _ENCLOSED + _PUNCTUATED:
        return text.rstrip(",") + _ENDINGS[draw.integers(len(_ENDINGS))]
    return text.rstrip(",")


def _number(split: str, draw: np.random.Generator) -> str:
    """Draw numbers until one belongs to the split: they are dealt out as words are."""
    while True:
        kind = draw.integers(6)
        if kind == 0:
            number = str(draw.integers(1100, 2100))  # a year
        elif kind == 1:
            number = f"{draw.integers(1, 24)}:{draw.integers(60):02d}"
        elif kind == 2:
            number = f"{_letter(draw)}{draw.integers(1, 1000)}"  # a room, a road
        elif kind == 3:
            number = f"{_letter(draw)}{_letter(draw)}-{draw.integers(10, 1000)}"  # a number plate
        elif kind == 4:
            number = f"{draw.integers(1, 32)}/{draw.integers(1, 13)}"
        else:
            number = str(draw.integers(10 ** draw.integers(1, 6)))
        if split_of(number) == split:
            return number


def _letter(draw: np.random.Generator) -> str:
    return _LETTERS[draw.integers(len(_LETTERS))]
