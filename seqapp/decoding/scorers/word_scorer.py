"""Word n-gram model as a scorer of the beam search."""

import unicodedata

import numpy as np

from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, NGramModel
from seqapp.decoding.scorers.automaton import Automaton
from seqapp.decoding.scorers.trie import ROOT, Trie
from seqapp.text.alphabet import Alphabet

APOSTROPHES = "'\u2019"


def spelled(symbol: str) -> str:
    """Return a symbol as words are compared: without case; "" where it is no part of a word."""
    is_letter = bool(symbol) and all(c.isalpha() or c in APOSTROPHES for c in symbol)
    return symbol.replace(APOSTROPHES[1], APOSTROPHES[0]).casefold() if is_letter else ""


def words_of(text: str) -> list[str]:
    """Split a text as a word model sees it: runs of letters and apostrophes, without case."""
    return "".join(spelled(character) or " " for character in text).split()


class WordScorer(Automaton):
    """weight * log p(word | words before) + bonus, given where a word ends; digits and marks are no words.

    Args:
        model: `NGramModel` over words.
        alphabet: `Alphabet` of the recogniser.
        weight: Of the model.
        bonus: Added per word.
    """

    def __init__(self, model: NGramModel, alphabet: Alphabet, weight: float = 1.0, bonus: float = 0.0):
        words = [(token, number) for number, token in enumerate(model.tokens) if token not in (BEGIN, END, UNKNOWN)]
        # Of words that differ in case alone the likeliest one counts; node 1 + t is token t.
        words.sort(key=lambda word: -model.log_prob[1 + word[1]])
        self._trie = Trie((spelled(unicodedata.normalize("NFC", token)) or token, number) for token, number in words)
        self._model = model
        self._weight = weight
        self._bonus = bonus
        self._symbols = [spelled(symbol) for symbol in alphabet.symbols]
        self._ends_word = np.array([not symbol for symbol in self._symbols])
        super().__init__(len(self._symbols), (ROOT, model.begin))

    def describe_row(self, state: tuple[int, int]) -> tuple[np.ndarray, float]:
        node, context = state
        score, context = self._word(node, context)
        return np.where(self._ends_word, score, 0.0), score + self._weight * self._model.score(
            context, self._model.number(END)
        )

    def successor(self, state: tuple[int, int], label: int) -> tuple[int, int]:
        node, context = state
        if symbol := self._symbols[label]:
            return self._trie.walk(node, symbol), context
        return ROOT, self._word(node, context)[1]

    def _word(self, node, context):
        """Return the score of the word that ends here, and the context behind it."""
        if node == ROOT:
            return 0.0, context
        number = self._trie.value(node)
        number = self._model.number(UNKNOWN) if number is None else number
        score = self._weight * self._model.score(context, number) + self._bonus
        return score, self._model.advance(context, number)
