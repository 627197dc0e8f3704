"""Frames in which a label is likely enough to lengthen a text; those between them are one sum of blanks."""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE


class ActiveFrames(NamedTuple):
    """What `active_frames` returns: A frames a row, of which the first `num_active` are its own.

    Attributes:
        num_active: Int32 `[B]`.
        number: Int32 `[A, B]`, the place of each among all frames.
        log_probs: Float64 `[A, B, K]`; `IMPOSSIBLE` for labels below the threshold.
        labels: Int32 `[A, B, C]`, the likeliest labels of each, the best first.
        values: Float64 `[A, B, C]`, their log-probabilities.
        num_labels: Int32 `[A]`, how many of these are above the threshold in any row.
        gap: Float64 `[A, B]`, the sum of the blanks of the frames between the one before and this.
        has_gap: Bool `[A, B]`, whether there are such frames.
        last_gap: Float64 `[B]`, that of the frames behind the last.
        has_last_gap: Bool `[B]`.
    """

    num_active: tf.Tensor
    number: tf.Tensor
    log_probs: tf.Tensor
    labels: tf.Tensor
    values: tf.Tensor
    num_labels: tf.Tensor
    gap: tf.Tensor
    has_gap: tf.Tensor
    last_gap: tf.Tensor
    has_last_gap: tf.Tensor


def active_frames(log_probs, num_frames, label_threshold: float, most_labels: int) -> ActiveFrames:
    """Find the frames that a search has to look at.

    Args:
        log_probs: Float `[B, T, K]`, the blank last.
        num_frames: Int32 `[B]`; what stands behind a row's frames changes nothing.
        label_threshold: Labels less probable than this do not occur in a frame (natural logarithm).
        most_labels: Of each frame only so many are looked at.
    """
    num_labels = log_probs.shape[2] - 1
    valid = tf.sequence_mask(num_frames, tf.shape(log_probs)[1])
    is_likely = (log_probs[:, :, :-1] >= label_threshold) & valid[:, :, tf.newaxis]
    is_active = tf.reduce_any(is_likely, axis=2)
    num_active = tf.reduce_sum(tf.cast(is_active, tf.int32), axis=1)
    # Those that are active first, both kinds in their order.
    number = tf.argsort(tf.cast(~is_active, tf.int32), axis=1, stable=True)[:, : tf.reduce_max(num_active)]
    picked = tf.gather(log_probs, number, batch_dims=1)
    is_picked = tf.gather(is_likely, number, batch_dims=1)
    labels = tf.where(is_picked, picked[:, :, :-1], IMPOSSIBLE)
    values, best = tf.math.top_k(labels, min(most_labels, num_labels))
    labels = tf.where(labels >= values[:, :, -1:], labels, IMPOSSIBLE)
    before, behind = _gaps(log_probs[:, :, -1], valid & ~is_active, number, num_active)
    counts = tf.reduce_sum(tf.cast(values > IMPOSSIBLE, tf.int32), axis=2)
    return ActiveFrames(
        num_active=num_active,
        number=tf.transpose(number),
        log_probs=_by_frame(tf.concat([labels, picked[:, :, -1:]], axis=2)),
        labels=tf.transpose(best, [1, 0, 2]),
        values=_by_frame(values),
        num_labels=tf.reduce_max(counts, axis=0),
        gap=tf.transpose(before[:, :, 0]),
        has_gap=tf.transpose(before[:, :, 1]) > 0,
        last_gap=behind[:, 0],
        has_last_gap=behind[:, 1] > 0,
    )


def _by_frame(columns):
    return tf.cast(tf.transpose(columns, [1, 0, 2]), tf.float64)


def _gaps(blanks, is_silent, number, num_active):
    """Sums over the silent frames before each active one, `[B, A, 2]`, and behind the last, `[B, 2]`.

    The first of two columns holds the sum of the blanks, the second how many frames there are.
    """
    columns = tf.cast(tf.stack([tf.where(is_silent, blanks, 0.0), tf.cast(is_silent, tf.float32)], axis=2), tf.float64)
    until = tf.gather(tf.cumsum(columns, axis=1), number, batch_dims=1)
    before = until - tf.pad(until, [[0, 0], [1, 0], [0, 0]])[:, :-1]
    last = tf.gather(tf.pad(until, [[0, 0], [1, 0], [0, 0]]), num_active, batch_dims=1)
    return before, tf.reduce_sum(columns, axis=1) - last
