"""Scorer protocol of the beam search: an automaton that reads a text label by label and adds a score for each."""

import abc

import numpy as np


class Scorer(abc.ABC):
    """Scores texts from their first label to their last, so that a search can prune as it goes.

    A state is an int that stands for all that matters of the labels read so far: equal texts lead to equal states,
    whatever the frames. Scores are natural logarithms, already weighted.

    Attributes:
        start: The state of the empty text.
    """

    start: int

    @abc.abstractmethod
    def rows(self, states: np.ndarray) -> np.ndarray:
        """Return the score of each label.

        Args:
            states: Int64 `[n]`.

        Returns:
            Float `[n, K - 1]`; -inf forbids a label.
        """

    @abc.abstractmethod
    def advance(self, states: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return the states after one label more: int64 `[n]` and `[n]` to int64 `[n]`."""

    def finish(self, states: np.ndarray) -> np.ndarray | float:
        """Return the score of the end of the text: float `[n]`, or 0."""
        return 0.0
