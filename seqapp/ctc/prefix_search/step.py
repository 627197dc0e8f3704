"""One step of the prefix search: all texts of a beam, and all that are one label longer, after a frame more."""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.packed import NUM_FLOATS, NUM_INTS, FrameTables, dead
from seqapp.ctc.prefix_search.pruning import Pruning
from seqapp.ctc.prefix_search.scorer import LabelScorer

MULTIPLIER = 6364136223846793005  # of the hash of texts, modulo 2^64 (Knuth's)


class Fixed(NamedTuple):
    """What is the same in every step; made once, outside of the loop.

    Attributes:
        dead: Float64 `[B, 1, F]`, a beam that is not in use.
        slot: Float64 `[B, W, 1]`, the number of each beam.
        of_parent: Float64 `[B, W, 2]`, what makes up for `IMPOSSIBLE`, and W more than the number of each beam.
        shape: Int32 `[3]`, of all longer texts in one axis.
    """

    dead: tf.Tensor
    slot: tf.Tensor
    of_parent: tf.Tensor
    shape: tf.Tensor

    @classmethod
    def of(cls, packed, scorer: LabelScorer, no_label: int) -> "Fixed":
        """Make it for beams `[B, W, F]`."""
        batch_size, width = tf.shape(packed)[0], packed.shape[1]
        slot = tf.range(width, dtype=tf.float64)[tf.newaxis, :, tf.newaxis]
        of_parent = tf.concat([tf.fill([1, width, 1], tf.constant(-IMPOSSIBLE, tf.float64)), slot + width], axis=2)
        return cls(
            *(tf.tile(x, [batch_size, 1, 1]) for x in (dead(scorer.start, no_label), slot, of_parent)),
            tf.stack([batch_size, -1, packed.shape[2]]),
        )


class _Frame(NamedTuple):
    """One frame of each row; float64 but for labels and zeros, whole numbers.

    Attributes:
        emissions: `[B, K + 4]`, as of `FrameTables`.
        blank, gap, unless_gap, if_gap: `[B, 1, 1]`.
        values, labels: `[B, 1, C]`, log-probabilities and numbers of the labels that texts are lengthened by.
        no_values, zeros: `[B, 1, C]`, nothing but zeros, which give others their shape.
    """

    emissions: tf.Tensor
    blank: tf.Tensor
    gap: tf.Tensor
    unless_gap: tf.Tensor
    if_gap: tf.Tensor
    values: tf.Tensor
    no_values: tf.Tensor
    zeros: tf.Tensor
    labels: tf.Tensor

    @classmethod
    def of(cls, tables: FrameTables, t) -> "_Frame":
        """Take frame t."""
        emissions = tf.gather(tables.emissions, t)
        blank, _, gap, unless_gap, if_gap = tf.split(emissions[:, tf.newaxis, -5:], 5, axis=2)
        labels = tf.slice(tf.gather(tables.labels, t), [0, 0, 0], tf.gather(tables.sizes, t))
        labels.set_shape([None, 3, None])
        values, no_values, _ = tf.split(labels, 3, axis=1)
        _, zeros, labels = tf.split(tf.bitcast(labels, tf.int64), 3, axis=1)
        return cls(emissions, blank, gap, unless_gap, if_gap, values, no_values, zeros, labels)


class _Texts(NamedTuple):
    """The texts before the frame, behind the silence: each `[B, W, 1]`, but for states and ints, `[B, W, ...]`."""

    total: tf.Tensor
    given: tf.Tensor
    blank: tf.Tensor
    label: tf.Tensor
    name: tf.Tensor
    parent: tf.Tensor
    last: tf.Tensor
    states: tf.Tensor
    ints: tf.Tensor

    @classmethod
    def of(cls, packed, frame: _Frame) -> "_Texts":
        total, given, blank, label, _, ints = tf.split(packed, [1] * NUM_FLOATS + [-1], axis=2)
        num_states = packed.shape[2] - NUM_FLOATS - NUM_INTS
        name, parent, last, states = tf.split(tf.bitcast(ints, tf.int64), [1] * NUM_INTS + [num_states], axis=2)
        blank = tf.maximum(blank + frame.unless_gap, total + frame.if_gap)
        label += frame.unless_gap
        return cls(total + frame.gap, given, blank, label, name, parent, last, states, ints)


def step(packed, tables: FrameTables, t, fixed: Fixed, scorer: LabelScorer, pruning: Pruning) -> tf.Tensor:
    """Take frame t; rows that have none give anything.

    Args:
        packed: Float64 `[B, W, F]`, as of `pack`.
        tables: `FrameTables`.
        t: Int32 `[]`.
        fixed: `Fixed`.
        scorer: `LabelScorer`.
        pruning: `Pruning`.

    Returns:
        Float64 `[B, W, F]`, the best first.
    """
    frame = _Frame.of(tables, t)
    texts = _Texts.of(packed, frame)
    # [B, W, parent]: which text is another one without its last label.
    is_parent = tf.cast(tf.reshape(texts.name, [-1, 1, packed.shape[1]]) == texts.parent, tf.float64)
    staying = _stay(texts, frame, is_parent, fixed)
    longer = tf.reshape(_lengthen(texts, frame, is_parent, fixed, scorer), fixed.shape)
    return _best(tf.concat([fixed.dead, staying, longer], axis=1), pruning)


def _stay(texts, frame, is_parent, fixed):
    """Go on with each text: in a blank, in its last label, or by becoming it only here."""
    emission = tf.gather(frame.emissions, texts.last[:, :, 0], batch_dims=1)[:, :, tf.newaxis]
    goes_on = texts.label + emission
    last = tf.cast(texts.last, tf.float64)
    of_parent = is_parent @ tf.concat([texts.total, texts.blank, last, fixed.of_parent], axis=2)
    total, blank, last_of_parent, exists, origin = tf.split(of_parent, 5, axis=2)  # zeros where there is none
    before = tf.where(last_of_parent == last, blank, total)  # a repeat needs a blank between
    enters = before + (emission + (exists + IMPOSSIBLE))
    blank = texts.total + frame.blank
    # Where a text is rather entered than gone on with, in its label or in blanks, its alignment is that of its parent,
    # and this frame.
    stays = tf.maximum(tf.maximum(goes_on, blank), IMPOSSIBLE / 2)
    origin = tf.where(enters > stays, origin, fixed.slot)
    sums = tf.math.cumulative_logsumexp(tf.concat([goes_on, enters, blank], axis=2), axis=2)
    _, label, total = tf.split(sums, 3, axis=2)
    return tf.concat([total, texts.given, blank, label, origin, texts.ints], axis=2)


def _lengthen(texts, frame, is_parent, fixed, scorer):
    """Put each label behind each text, `[B, W, C, F]`; what the beam holds already is no new text."""
    is_repeat = tf.cast(frame.labels == texts.last, tf.float64)
    is_held = tf.matmul(is_parent, is_repeat, transpose_a=True)
    log_prob = texts.total + frame.values + is_repeat * (texts.blank - texts.total) + is_held * IMPOSSIBLE
    scores, states = scorer.scores(texts.states, frame.labels)
    origin = fixed.of_parent[:, :, 1:] + frame.no_values
    floats = tf.stack([log_prob, texts.given + scores, log_prob + IMPOSSIBLE, log_prob, origin], axis=3)
    names = [texts.name * MULTIPLIER + frame.labels, texts.name + frame.zeros]
    last = frame.labels + tf.zeros([1, texts.name.shape[1], 1], tf.int64)
    ints = tf.concat([tf.stack([*names, last], axis=3), states], axis=3)
    return tf.concat([floats, tf.bitcast(ints, tf.float64)], axis=3)


def _best(candidates, pruning):
    """The best texts; those that are too far below the first make room for the first candidate, which is none."""
    scores, chosen = tf.math.top_k(tf.reduce_sum(candidates[:, :, :2], axis=2), pruning.beam_width)
    is_kept = tf.cast(scores >= scores[:, :1] - pruning.beam_threshold, tf.int32)
    return tf.gather(candidates, chosen * is_kept, batch_dims=1)
