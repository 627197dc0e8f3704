"""Scorer of labels for the prefix search in the graph: what a language model says of a text, label by label."""

from typing import Protocol

import tensorflow as tf


class LabelScorer(Protocol):
    """Reads a text label by label; its state is a row of whole numbers that depends on the text alone.

    Attributes:
        start: Tuple of S ints, the state of the empty text.
    """

    start: tuple[int, ...]

    def scores(self, states: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Score a label more.

        Args:
            states: Int64 `[B, W, S]`.
            labels: Int64 `[B, 1, C]`.

        Returns:
            scores: Float64 `[B, W, C]`, natural logarithms, weighted.
            states: Int64 `[B, W, C, S]`, behind each label.
        """

    def finish(self, states: tf.Tensor) -> tf.Tensor:
        """Return the score of the end of the text, float64 `[B, W]`."""
