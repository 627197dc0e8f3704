"""Beams of the prefix search: the texts that are kept of each row, in tensors of one size."""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.scorer import LabelScorer

NO_LABEL = -1


class Beams(NamedTuple):
    """W texts for each of B rows, none of them twice; those that are not in use are impossible.

    Attributes:
        scores: Float64 `[B, W, 3]`: log-probability of the alignments that end in a blank, and of those that end in
            the last label; and what the scorer gave.
        peak: Float64 `[B, W]`, log-probability of the last label in the frame where it is most probable.
        names: Int64 `[B, W, 2]`, a hash of the text and of the text without its last label.
        last: Int32 `[B, W]`, the last label; -1 of the empty text.
        length: Int32 `[B, W]`, the number of labels held.
        states: Int64 `[B, W, S]`, of the scorer.
        history: Float32 `[B, W, L, 3]`: each label, the frame where it is most probable, and the log-probability
            there; behind the length stands anything.
    """

    scores: tf.Tensor
    peak: tf.Tensor
    names: tf.Tensor
    last: tf.Tensor
    length: tf.Tensor
    states: tf.Tensor
    history: tf.Tensor

    @property
    def ctc_score(self) -> tf.Tensor:
        """Log-probability of each text, the alignments that were kept summed, float64 `[B, W]`."""
        return log_add(self.scores[:, :, 0], self.scores[:, :, 1])

    @property
    def is_used(self) -> tf.Tensor:
        """Bool `[B, W]`, whether there is such a text."""
        return self.ctc_score > IMPOSSIBLE / 2

    def best_alone(self) -> "Beams":
        """Return beams of which only the first is in use."""
        impossible = tf.constant([IMPOSSIBLE, IMPOSSIBLE, 0.0], tf.float64)
        is_first = (tf.range(self.scores.shape[1]) == 0)[:, tf.newaxis]
        return self._replace(scores=tf.where(is_first, self.scores, impossible))


def begin(batch_size, width: int, scorer: LabelScorer, room: int = 0) -> Beams:
    """Make the beams of rows of which no frame is seen.

    Args:
        batch_size: B, int or int32 tensor.
        width: W, texts that are kept.
        scorer: `LabelScorer`.
        room: L, labels that the history has room for.
    """

    def repeat(x, dtype):
        x = tf.constant(x, dtype)
        return tf.tile(x[tf.newaxis], [batch_size, *[1] * x.shape.rank])

    empty = [[0.0, IMPOSSIBLE, 0.0]] + [[IMPOSSIBLE] * 2 + [0.0]] * (width - 1)
    # Beams that are not in use have names of their own, and are nobody's parents.
    names = [[1, 0]] + [[-2 * k, -2 * k - 1] for k in range(1, width)]
    return Beams(
        scores=repeat(empty, tf.float64),
        peak=repeat([IMPOSSIBLE] * width, tf.float64),
        names=repeat(names, tf.int64),
        last=repeat([NO_LABEL] * width, tf.int32),
        length=repeat([0] * width, tf.int32),
        states=repeat([list(scorer.start)] * width, tf.int64),
        history=tf.zeros([batch_size, width, room, 3], tf.float32),
    )


def choose(condition, these: Beams, others: Beams) -> Beams:
    """Take rows of one or of the other: condition is bool `[B]`; histories are of one size."""
    # The old operation of this name: rows by a vector. The new one broadcasts, and takes twice as long.
    return Beams(*(tf.compat.v1.where(condition, a, b) for a, b in zip(these, others)))


def settle(beams: Beams) -> tuple[tf.Tensor, Beams]:
    """Cut off what all texts of a row begin with, for good: alike in labels and frames, and no text's last label.

    Args:
        beams: `Beams`, of each row the first one in use.

    Returns:
        Int32 `[B]`, how many labels of the history's first text are settled; the beams without these.
    """
    aligned = beams.history[:, :, :, :2]
    place = tf.range(tf.shape(aligned)[2])
    agrees = tf.reduce_all(aligned == aligned[:, :1], axis=3) & (place < beams.length[:, :, tf.newaxis] - 1)
    agreed = tf.reduce_all(agrees | ~beams.is_used[:, :, tf.newaxis], axis=1)
    num_settled = tf.reduce_sum(tf.math.cumprod(tf.cast(agreed, tf.int32), axis=1), axis=1)
    source = tf.minimum(place + num_settled[:, tf.newaxis], tf.maximum(tf.size(place) - 1, 0))
    history = tf.gather(tf.transpose(beams.history, [0, 2, 1, 3]), source, batch_dims=1)
    length = tf.maximum(beams.length - num_settled[:, tf.newaxis], 0)
    return num_settled, beams._replace(history=tf.transpose(history, [0, 2, 1, 3]), length=length)


def log_add(a, b):
    """Add two probabilities, both of them logarithms and finite."""
    return tf.maximum(a, b) + tf.math.log1p(tf.exp(-tf.abs(a - b)))
