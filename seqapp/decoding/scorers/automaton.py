"""Automaton scorer: states are described by a subclass, and numbered when a search first meets them."""

import abc
from collections.abc import Hashable

import numpy as np

from seqapp.decoding.scorers.scorer import Scorer


class Automaton(Scorer):
    """Numbers the states of a subclass in the order in which they are met.

    Args:
        num_labels: K - 1.
        start: Description of the empty text's state; anything that can be hashed.
    """

    def __init__(self, num_labels: int, start: Hashable):
        self._num_labels = num_labels
        self._descriptions = []
        self._numbers = {}
        self._successors = {}
        self._rows = np.zeros([64, num_labels])
        self._finish = np.zeros(64)
        self.start = self._number(start)

    @abc.abstractmethod
    def describe_row(self, state: Hashable) -> tuple[np.ndarray, float]:
        """Return the scores of one state: of each label, float `[K - 1]`, and of the end of the text, a float."""

    @abc.abstractmethod
    def successor(self, state: Hashable, label: int) -> Hashable:
        """Return the description of the state after a label more."""

    def rows(self, states: np.ndarray) -> np.ndarray:
        return self._rows[states]

    def finish(self, states: np.ndarray) -> np.ndarray:
        return self._finish[states]

    def advance(self, states: np.ndarray, labels: np.ndarray) -> np.ndarray:
        return np.array([self._advance(*pair) for pair in zip(states.tolist(), labels.tolist())], np.int64)

    def _advance(self, number, label):
        if (successor := self._successors.get((number, label))) is None:
            successor = self._number(self.successor(self._descriptions[number], label))
            self._successors[number, label] = successor
        return successor

    def _number(self, state):
        if (number := self._numbers.get(state)) is not None:
            return number
        number = self._numbers[state] = len(self._descriptions)
        self._descriptions.append(state)
        if number == len(self._rows):
            self._rows, self._finish = (np.concatenate([a, np.zeros_like(a)]) for a in (self._rows, self._finish))
        self._rows[number], self._finish[number] = self.describe_row(state)
        return number
