"""Hotword boosting: names and terms that are likelier here than elsewhere, as a scorer of the beam search."""

import logging
from collections.abc import Iterable

import numpy as np

from seqapp.decoding.scorers.automaton import Automaton
from seqapp.decoding.scorers.trie import OUTSIDE, ROOT, Trie
from seqapp.decoding.scorers.word_scorer import spelled
from seqapp.decoding.spelling import Spelling
from seqapp.text.alphabet import Alphabet

log = logging.getLogger(__name__)

BETWEEN = ("", 0, False)
ELSEWHERE = ("", 0, True)


class HotwordScorer(Automaton):
    """Adds `boost` for every character of a hotword that is being read, and takes it back where another word comes.

    Hotwords begin and end where words do, may be phrases, and are compared without case.

    Args:
        hotwords: Strings. Those that the alphabet cannot spell are named in a warning and left out.
        alphabet: `Alphabet` of the recogniser.
        boost: Natural logarithm, per character.

    Attributes:
        left_out: Tuple of these.

    Raises:
        ValueError: If the alphabet can spell none of the hotwords.
    """

    def __init__(self, hotwords: Iterable[str], alphabet: Alphabet, boost: float = 1.5):
        self._symbols = [symbol.casefold() for symbol in alphabet.symbols]
        self._is_boundary = [not spelled(symbol) and not symbol.isalnum() for symbol in alphabet.symbols]
        writable, self.left_out = _writable(hotwords, alphabet)
        self._trie = Trie((hotword, True) for hotword in writable)
        self._boost = boost
        super().__init__(len(self._symbols), BETWEEN)

    # A state: what was read of hotwords so far; how many characters of it are theirs for good, since a whole hotword
    # and the end of its word were among them; and whether the word being read began as no hotword does.

    def describe_row(self, state: tuple[str, int, bool]) -> tuple[np.ndarray, float]:
        return np.array([self._follow(state, label)[0] for label in range(len(self._symbols))]), self._withdrawn(state)

    def successor(self, state: tuple[str, int, bool], label: int) -> tuple[str, int, bool]:
        return self._follow(state, label)[1]

    def _follow(self, state, label):
        """Return the score and the next state of one label."""
        path, num_earned, is_elsewhere = state
        symbol = self._symbols[label]
        is_boundary = self._is_boundary[label]
        if is_elsewhere:
            return 0.0, BETWEEN if is_boundary else ELSEWHERE
        if self._begins(path + symbol):
            num_earned = len(path) if is_boundary and self._is_whole(path) else num_earned
            return self._boost * len(symbol), (path + symbol, num_earned, False)
        score = self._withdrawn(state) if is_boundary else -self._boost * (len(path) - num_earned)
        # Another hotword may have begun within this one.
        for start in range(num_earned, len(path)):
            rest = path[start + 1 :] + symbol
            if not path[start].isalnum() and not spelled(path[start]) and self._begins(rest):
                return score + self._boost * len(rest), (rest, 0, False)
        return score, BETWEEN if is_boundary else ELSEWHERE

    def _begins(self, path):
        return self._trie.walk(ROOT, path) != OUTSIDE

    def _is_whole(self, path):
        return bool(self._trie.value(self._trie.walk(ROOT, path)))

    def _withdrawn(self, state):
        """Return the boost taken back where the word ends here."""
        path, num_earned, _ = state
        return 0.0 if self._is_whole(path) else -self._boost * (len(path) - num_earned)


def _writable(hotwords, alphabet):
    """Return the hotwords that the alphabet can spell, as they are compared, and the others."""
    spelling = Spelling(alphabet)
    symbols = {character for symbol in alphabet.symbols for character in symbol.casefold()}
    writable = []
    left_out = []
    reasons = []
    for hotword in hotwords:
        compared = " ".join(spelling.composed(hotword).casefold().split())
        missing = "".join(sorted(set(compared) - symbols))
        if compared and not missing:
            writable.append(compared)
        else:
            left_out.append(hotword)
            reasons.append(
                f"The hotword {hotword!r} cannot be written with the model's alphabet: {missing or 'it is empty'}."
            )
    if not writable:
        raise ValueError(" ".join(reasons[:3]) or "Expected hotwords. Received: none.")
    for reason in reasons:
        log.warning("%s It is left out.", reason)
    return writable, tuple(left_out)
