"""Lexicon as a scorer of the beam search: an automaton that forbids all other words."""

import logging
import unicodedata
from collections.abc import Iterable

import numpy as np

from seqapp.decoding.scorers.automaton import Automaton
from seqapp.decoding.scorers.trie import OUTSIDE, ROOT, Trie
from seqapp.decoding.scorers.word_scorer import spelled
from seqapp.decoding.spelling import Spelling
from seqapp.text.alphabet import Alphabet

log = logging.getLogger(__name__)

NUMBER = -2  # within digits that are no word's


class LexiconScorer(Automaton):
    """Forbids every text with a word that is not in a list; what stands between words is free.

    Words are letters and apostrophes, compared without case. Digits and marks are free, but those within a word of the
    list belong to it: "mp3" admits neither "mp" nor "mp4". A mark that the alphabet lacks parts its word in two.

    Args:
        words: The list. Words that the alphabet cannot write are named in a warning and left out.
        alphabet: `Alphabet` of the recogniser.

    Attributes:
        left_out: Tuple of these.

    Raises:
        ValueError: For no word at all, or none that the alphabet can spell.
    """

    def __init__(self, words: Iterable[str], alphabet: Alphabet):
        words = [word.strip() for word in words if word.strip()]
        if not words:
            raise ValueError("Expected a lexicon of one word per line. Received: no word.")
        self._symbols = alphabet.symbols
        self._keys = [spelled(symbol) or symbol for symbol in alphabet.symbols]
        self._is_letter = [bool(spelled(symbol)) for symbol in alphabet.symbols]
        parts, self.left_out = _writable_parts(words, alphabet)
        self._trie = Trie((part, True) for part in parts)
        super().__init__(len(self._symbols), (ROOT,))

    # A state: the places in the tree where the word being read may be, ROOT between words. There are several where a
    # digit or a mark either ends a word or belongs to a longer one.

    def describe_row(self, state: tuple[int, ...]) -> tuple[np.ndarray, float]:
        allowed = [0.0 if self.successor(state, label) else -np.inf for label in range(len(self._symbols))]
        return np.array(allowed), 0.0 if any(map(self._may_end, state)) else -np.inf

    def successor(self, state: tuple[int, ...], label: int) -> tuple[int, ...]:
        return tuple(sorted({place for node in state for place in self._places(node, label)}))

    def _places(self, node, label):
        begins = node == NUMBER and self._is_letter[label]
        if node != NUMBER or begins:
            place = self._trie.walk(ROOT if begins else node, self._keys[label])
            if place != OUTSIDE:
                yield place
        if not self._is_letter[label] and self._may_end(node):
            yield NUMBER if self._symbols[label].isalnum() else ROOT

    def _may_end(self, node):
        return node in (ROOT, NUMBER) or bool(self._trie.value(node))


def _writable_parts(words, alphabet):
    """Return the spellings of words as the tree holds them, and the words that cannot be written."""
    spelling = Spelling(alphabet)
    keys = {spelled(symbol) or symbol for symbol in alphabet.symbols} - {" "}
    letters = {letter for symbol in alphabet.symbols for letter in spelled(symbol)}
    parts = []
    unwritable = []
    for word in words:
        found = _parts(spelling.composed(word), keys)
        (parts.extend(found) if found and set("".join(found)) <= keys | letters else unwritable.append(word))
    if not parts:
        raise ValueError(
            f"The lexicon's word {unwritable[0]!r} cannot be written with the model's alphabet, nor can any other. "
            f"Expected letters of: {''.join(s for s in alphabet.symbols if spelled(s))}."
        )
    if unwritable:
        log.warning(
            "%d of %d words of the lexicon cannot be written with the model's alphabet and are left out: %s",
            len(unwritable), len(words), ", ".join(map(repr, unwritable[:5])),
        )  # fmt: skip
    return parts, tuple(unwritable)


def _parts(word, keys):
    """Cut a word at spaces and at marks that the alphabet lacks; parts without a letter are left out."""
    text = "".join(
        spelled(character) or (character if character in keys or character.isalnum() else " ") for character in word
    )
    parts = (part.strip("".join(filter(_is_mark, part))) for part in text.split())
    return [part for part in parts if any(map(spelled, part))]


def _is_mark(character):
    return not spelled(character) and unicodedata.category(character)[0] not in "LMN"
