"""Beams and frames as the loop of the search has them: all that is known of a text in one row of one tensor.

An operation on a handful of numbers takes as long as one on a thousand: one tensor of many columns is gathered,
joined and ranked at once. Whole numbers stand among the float64 bit for bit.
"""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.active_frames import ActiveFrames
from seqapp.ctc.prefix_search.beams import NO_LABEL, Beams, log_add

# Columns of float64: log-probability of all alignments, what the scorer gave, log-probabilities of the alignments that
# end in a blank and in the last label; and the text of the beams before the last frame whose alignment this one's goes
# on with, W more if its last label begins in the last frame.
TOTAL, GIVEN, BLANK, LABEL, ORIGIN, NUM_FLOATS = range(6)
# Columns of int64: a hash of the text, that of the text without its last label, the last label; then the scorer's
# state.
NAME, PARENT, LAST, NUM_INTS = range(4)
DEAD_NAMES = -1, -2  # of beams that are not in use: they are nobody's parents


def pack(beams: Beams, no_label: int) -> tf.Tensor:
    """Return the beams as float64 `[B, W, F]`; the last label of the empty text is `no_label`."""
    blank, label, given = tf.unstack(beams.scores, axis=2)
    floats = tf.stack([log_add(blank, label), given, blank, label, tf.zeros_like(blank)], axis=2)
    last = tf.cast(tf.where(beams.last >= 0, beams.last, no_label), tf.int64)
    return _joined(floats, tf.concat([beams.names, last[:, :, tf.newaxis], beams.states], axis=2))


def unpack(packed, history, length) -> Beams:
    """Return what was packed, with its histories."""
    ints = ints_of(packed)
    is_last = tf.maximum(length - 1, 0)[..., tf.newaxis] == tf.range(tf.shape(history)[2])
    peak = tf.reduce_sum(tf.where(is_last, history[..., 2], 0.0), axis=2)
    return Beams(
        scores=tf.gather(packed, [BLANK, LABEL, GIVEN], axis=2),
        peak=tf.where(length > 0, tf.cast(peak, tf.float64), tf.constant(IMPOSSIBLE, tf.float64)),
        names=ints[:, :, : PARENT + 1],
        last=tf.where(length > 0, tf.cast(ints[:, :, LAST], tf.int32), NO_LABEL),
        length=length,
        states=ints[:, :, NUM_INTS:],
        history=history,
    )


def dead(start: tuple[int, ...], no_label: int) -> tf.Tensor:
    """Return a beam that is not in use, float64 `[1, 1, F]`."""
    floats = tf.constant([[[IMPOSSIBLE, 0.0, IMPOSSIBLE, IMPOSSIBLE, 0.0]]], tf.float64)
    return _joined(floats, tf.constant([[[*DEAD_NAMES, no_label, *start]]], tf.int64))


def ints_of(packed) -> tf.Tensor:
    """Return the columns of int64, `[..., F - NUM_FLOATS]`."""
    return tf.bitcast(packed[..., NUM_FLOATS:], tf.int64)


def _joined(floats, ints):
    return tf.concat([floats, tf.bitcast(ints, tf.float64)], axis=2)


class FrameTables(NamedTuple):
    """Active frames, each a row of few tensors.

    Attributes:
        emissions: Float64 `[A, B, K + 4]`: log-probabilities of the labels and of the blank, K-1; K is impossible; then
            the sum of the silence before the frame, what is added to the alignments in a blank or a label if there
            is none (0, else impossible), and to all of them if there is one (the silence, else impossible).
        labels: Float64 `[A, B, 3, C]`: the log-probabilities of the likeliest labels, zeros, and the labels, as bits.
        sizes: Int32 `[A, 3]`, the part of labels of a frame that is above the threshold in any row.
    """

    emissions: tf.Tensor
    labels: tf.Tensor
    sizes: tf.Tensor

    @classmethod
    def of(cls, frames: ActiveFrames) -> "FrameTables":
        """Pack frames; those that a row has not become frames in which nothing is heard."""
        is_there = (tf.range(tf.shape(frames.number)[0])[:, tf.newaxis] < frames.num_active)[..., tf.newaxis]
        impossible = tf.constant(IMPOSSIBLE, tf.float64)
        gap, has_gap = frames.gap[..., tf.newaxis], frames.has_gap[..., tf.newaxis]
        gaps = [gap, tf.where(has_gap, impossible, 0.0), tf.where(has_gap, gap, impossible)]
        log_probs = tf.where(is_there, frames.log_probs, impossible)
        labels = tf.bitcast(tf.cast(frames.labels, tf.int64), tf.float64)
        values = tf.where(is_there, frames.values, impossible)
        count = frames.num_labels[:, tf.newaxis]
        return cls(
            emissions=tf.concat([log_probs, tf.fill(tf.shape(gap), impossible), *gaps], axis=2),
            labels=tf.stack([values, tf.zeros_like(values), labels], axis=2),
            sizes=tf.concat([tf.fill(tf.shape(count), -1), tf.fill(tf.shape(count), 3), count], axis=1),
        )
