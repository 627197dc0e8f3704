"""CTC lattice: the states of all rows side by side in one flat axis, with their log-probabilities in each frame.

A path through a row alternates between blanks and labels: blank 0, label 0, blank 1, ..., label U - 1, blank U. Blanks
and labels are two arrays, since a blank has two predecessors and a label three. A row takes W = U + 1 places of each
(the last label is none: it is impossible), the rows stand one behind the other, and the end is padded, so that batches
of nearly equal size share one compiled program.
"""

from typing import NamedTuple

import tensorflow as tf

IMPOSSIBLE = -1e30  # log of a probability of 0; finite, so that differences of two of them are no NaN
CHUNK = 64  # frames a compiled program takes; 32 to 256 took the same time on a plain CPU
ROUND_TO = 256  # places; padding costs time, another length the compilation of another program


class Lattice(NamedTuple):
    """N places for B rows of W states; C = ceil(T / CHUNK), at least 1.

    Attributes:
        blank_emission: Float32 `[C, CHUNK, N]`, log-probability of the blank in each frame.
        label_emission: Float32 `[C, CHUNK, N]`, that of the label.
        skip: Float32 `[N]`, 0 where the label before may come right before a label, else IMPOSSIBLE.
        is_first: Bool `[N]`, places where a row begins: nothing comes from the left.
        logit_length: Int32 `[N]`, valid frames of each place's row.
        one_hot: Float32 `[B, W, K]`, the label of each state; all zeros where there is none.
        num_frames: Int32 `[]`, T.
    """

    blank_emission: tf.Tensor
    label_emission: tf.Tensor
    skip: tf.Tensor
    is_first: tf.Tensor
    logit_length: tf.Tensor
    one_hot: tf.Tensor
    num_frames: tf.Tensor

    def flatten(self, x, padding=0.0) -> tf.Tensor:
        """Reshape `[B, W]`, or what broadcasts to it, to `[N]`."""
        return _flatten(x, tf.shape(self.one_hot)[:2], padding)

    def unflatten(self, x) -> tf.Tensor:
        """Reshape `[..., N]` to `[..., B, W]`."""
        rows, width = tf.unstack(tf.shape(self.one_hot)[:2])
        return tf.reshape(x[..., : rows * width], tf.concat([tf.shape(x)[:-1], [rows, width]], axis=0))

    def by_frame(self, chunks) -> tf.Tensor:
        """Reshape `[C, CHUNK, N]` to `[T, B, W]`."""
        frames = tf.reshape(chunks, [-1, tf.size(self.skip)])
        return self.unflatten(frames[: self.num_frames])


def masked_log_softmax(logits, logit_length) -> tuple[tf.Tensor, tf.Tensor]:
    """Return log-probabilities `[B, T, K]`, no less than IMPOSSIBLE, and the mask `[B, T]` of valid frames.

    Logits behind a row's length are replaced, since they may be NaN.
    """
    valid = tf.sequence_mask(logit_length, tf.shape(logits)[1])
    log_probs = tf.nn.log_softmax(tf.where(valid[:, :, tf.newaxis], logits, tf.zeros_like(logits)))
    return tf.maximum(log_probs, IMPOSSIBLE), valid


def label_emissions(log_probs, labels, label_length) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Pick the log-probabilities of each row's labels.

    Args:
        log_probs: Float32 `[B, T, K]`, finite, the blank last.
        labels: Int `[B, U]`, classes in [0, K - 1), padded with anything.
        label_length: Int `[B]`.

    Returns:
        emission: Float32 `[T, B, W]`, of each label in each frame; IMPOSSIBLE where there is none.
        skip: Float32 `[B, W]`, 0 where the label before may come right before a label, else IMPOSSIBLE.
        one_hot: Float32 `[B, W, K]`, as in `Lattice`.
    """
    width = tf.shape(labels)[1] + 1
    is_label = tf.sequence_mask(label_length, width)
    labels = tf.where(is_label, tf.pad(tf.cast(labels, tf.int32), [[0, 0], [0, 1]]), -1)
    before = tf.pad(labels, [[0, 0], [1, 0]], constant_values=-1)[:, :-1]
    # A product with 0 and 1 picks exactly, and is much faster than a gather in both directions.
    one_hot = tf.one_hot(labels, tf.shape(log_probs)[2], dtype=tf.float32)
    emission = tf.einsum("btk,buk->tbu", log_probs, one_hot) + impossible_unless(is_label)
    return emission, impossible_unless(labels != before), one_hot


def make_lattice(log_probs, logit_length, labels, label_length) -> Lattice:
    """Make a `Lattice` of finite log-probabilities `[B, T, K]`, the blank last; other arguments as for `ctc_loss`."""
    label_emission, skip, one_hot = label_emissions(log_probs, labels, label_length)
    blank_emission = tf.broadcast_to(tf.transpose(log_probs[:, :, -1])[:, :, tf.newaxis], tf.shape(label_emission))
    shape = tf.shape(skip)
    return Lattice(
        blank_emission=_chunks(blank_emission),
        label_emission=_chunks(label_emission),
        skip=_flatten(skip, shape, IMPOSSIBLE),
        is_first=_flatten(tf.range(shape[1]) == 0, shape, True),
        logit_length=_flatten(tf.cast(logit_length, tf.int32)[:, tf.newaxis], shape, 0),
        one_hot=one_hot,
        num_frames=tf.shape(log_probs)[1],
    )


def impossible_unless(condition) -> tf.Tensor:
    """Return the log of the probability 1 where a condition holds, else of 0: 0.0 or IMPOSSIBLE."""
    return tf.where(condition, 0.0, IMPOSSIBLE)


def _flatten(x, shape, padding):
    x = tf.reshape(tf.broadcast_to(x, shape), [-1])
    return tf.pad(x, [[0, -tf.size(x) % ROUND_TO]], constant_values=padding)


def _chunks(emission):
    """Cut `[T, B, W]` into `[C, CHUNK, N]`. What is put behind the last frame and the last place is never read."""
    num_frames, rows, width = tf.unstack(tf.shape(emission))
    num_chunks = tf.maximum(1, -(-num_frames // CHUNK))  # no frames make a chunk too: of none, nothing can be stacked
    flat = tf.reshape(emission, [num_frames, rows * width])
    padded = tf.pad(flat, [[0, num_chunks * CHUNK - num_frames], [0, -(rows * width) % ROUND_TO]])
    return tf.reshape(padded, [num_chunks, CHUNK, tf.shape(padded)[1]])
