"""One step of the prefix search: all texts of a beam, and all that are one label longer, after a frame more."""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.active_frames import ActiveFrames
from seqapp.ctc.prefix_search.beams import Beams, log_add
from seqapp.ctc.prefix_search.pruning import Pruning
from seqapp.ctc.prefix_search.scorer import LabelScorer

MULTIPLIER = 6364136223846793005  # of the hash of texts, modulo 2^64 (Knuth's)


class Frame(NamedTuple):
    """One frame of each row, as of `ActiveFrames`; the first C labels are above the threshold in one of them."""

    is_there: tf.Tensor
    number: tf.Tensor
    log_probs: tf.Tensor
    labels: tf.Tensor
    values: tf.Tensor
    gap: tf.Tensor
    has_gap: tf.Tensor

    @classmethod
    def of(cls, frames: ActiveFrames, t) -> "Frame":
        """Take frame t."""
        count = frames.num_labels[t]
        return cls(
            t < frames.num_active, frames.number[t], frames.log_probs[t], frames.labels[t][:, :count],
            frames.values[t][:, :count], frames.gap[t], frames.has_gap[t],
        )  # fmt: skip


class _Before(NamedTuple):
    """Log-probabilities `[B, W]` before the frame, behind the silence: of all paths, in a blank, in the last label."""

    total: tf.Tensor
    blank: tf.Tensor
    label: tf.Tensor


class _Staying(NamedTuple):
    """The texts as they are, after the frame, `[B, W]`.

    Attributes:
        blank: Log-probability of the paths that end in a blank.
        label: Of those that end in the last label.
        peak: As of `Beams`.
        aligned_like: The text whose labels stand where this one's do, but for its last.
        is_moved: Whether the last label stands in this frame from now on.
    """

    blank: tf.Tensor
    label: tf.Tensor
    peak: tf.Tensor
    aligned_like: tf.Tensor
    is_moved: tf.Tensor


class _Longer(NamedTuple):
    """The texts with each label behind, `[B, W, C]`: log-probability, the scorer's score and states, names."""

    log_prob: tf.Tensor
    given: tf.Tensor
    states: tf.Tensor
    names: tf.Tensor


class _Choice(NamedTuple):
    """The texts that go on, `[B, W]`: the text each comes from, whether it is longer by a label, by which; and whether
    it is near enough to the best."""

    source: tf.Tensor
    is_new: tf.Tensor
    column: tf.Tensor
    is_kept: tf.Tensor

    def of_new(self, x):
        """Pick values `[B, W, C, ...]` of longer texts; anything for others."""
        count = tf.shape(x)[2]
        flat = tf.reshape(x, [-1, self.source.shape[1] * count, *x.shape[3:]])
        return tf.gather(flat, self.source * count + self.column, batch_dims=1)


def step(beams: Beams, frame: Frame, scorer: LabelScorer, pruning: Pruning) -> Beams:
    """Take one frame more; rows that have none stay as they are."""
    before = _before(beams, frame)
    staying = _stay(beams, frame, before)
    longer = _lengthen(beams, frame, before, scorer)
    choice = _choose(beams, frame, staying, longer, pruning)
    return _take(beams, frame, staying, longer, choice)


def _before(beams, frame):
    total = beams.ctc_score + frame.gap[:, tf.newaxis]
    has_gap = frame.has_gap[:, tf.newaxis]
    blank, label, _ = tf.unstack(beams.scores, axis=2)
    return _Before(total, tf.where(has_gap, total, blank), tf.where(has_gap, _impossible(), label))


def _stay(beams, frame, before):
    """Go on with each text: in a blank, in its last label, or by becoming it only here."""
    has_last = beams.last >= 0
    emission = tf.gather(frame.log_probs, tf.maximum(beams.last, 0), batch_dims=1)
    emission = tf.where(has_last, emission, _impossible())
    goes_on = before.label + emission
    parent, enters = _enter(beams, before, emission)
    # Where a text is rather entered than gone on with, its alignment is that of its parent, and this frame.
    is_entered = (enters > goes_on) & (enters > IMPOSSIBLE / 2)
    is_moved = is_entered | ((before.label > before.blank) & (emission > beams.peak))
    return _Staying(
        blank=before.total + frame.log_probs[:, -1:],
        label=log_add(goes_on, enters),
        peak=tf.where(is_moved, emission, beams.peak),
        aligned_like=tf.where(is_entered, parent, tf.range(beams.scores.shape[1])),
        is_moved=is_moved,
    )


def _enter(beams, before, emission):
    """The text without its last label, where the beam holds it too, and the log-probability of becoming this one."""
    is_parent = beams.names[:, tf.newaxis, :, 0] == beams.names[:, :, tf.newaxis, 1]  # [B, W, parent]
    has_parent = tf.reduce_any(is_parent, axis=2) & (beams.last >= 0)
    parent = tf.argmax(is_parent, axis=2, output_type=tf.int32)
    last = tf.cast(beams.last, tf.float64)
    facts = tf.gather(tf.stack([before.total, before.blank, last], axis=2), parent, batch_dims=1)
    total, blank, last_of_parent = tf.unstack(facts, axis=2)
    enters = emission + tf.where(last_of_parent == last, blank, total)  # a repeat needs a blank between
    return parent, tf.where(has_parent, enters, _impossible())


def _lengthen(beams, frame, before, scorer):
    """Put each label behind each text; what the beam holds already is no new text."""
    values = frame.values[:, tf.newaxis]
    is_repeat = frame.labels[:, tf.newaxis] == beams.last[:, :, tf.newaxis]
    log_prob = tf.where(is_repeat, before.blank[:, :, tf.newaxis], before.total[:, :, tf.newaxis]) + values
    names = beams.names[:, :, 0, tf.newaxis] * MULTIPLIER + tf.cast(frame.labels + 1, tf.int64)[:, tf.newaxis]
    is_held = tf.reduce_any(names[..., tf.newaxis] == beams.names[:, tf.newaxis, tf.newaxis, :, 0], axis=3)
    scores, states = scorer.scores(beams.states, frame.labels)
    return _Longer(
        log_prob=tf.where(is_held | (values <= IMPOSSIBLE), _impossible(), log_prob),
        given=scores + beams.scores[:, :, 2:],
        states=states,
        names=names,
    )


def _choose(beams, frame, staying, longer, pruning):
    """Find the best texts among those that stay and those that are longer."""
    width, count = beams.scores.shape[1], tf.shape(frame.labels)[1]
    stays = log_add(staying.blank, staying.label) + beams.scores[:, :, 2]
    lengthened = tf.reshape(longer.log_prob + longer.given, [-1, width * count])
    scores, chosen = tf.math.top_k(tf.concat([stays, lengthened], axis=1), width)
    is_there = frame.is_there[:, tf.newaxis]
    chosen = tf.where(is_there, chosen, tf.range(width))
    is_new = chosen >= width
    place = tf.maximum(chosen - width, 0)
    return _Choice(
        source=tf.where(is_new, place // count, chosen),
        is_new=is_new,
        column=place % count,
        is_kept=(scores >= scores[:, :1] - pruning.beam_threshold) | ~is_there,
    )


def _take(beams, frame, staying, longer, choice):
    """The beams of a choice."""
    is_new, impossible = choice.is_new, _impossible()

    def of_source(x):
        return tf.gather(x, choice.source, batch_dims=1)

    after = tf.stack([staying.blank, staying.label, beams.scores[:, :, 2], staying.peak], axis=2)
    as_before = tf.concat([beams.scores, beams.peak[:, :, tf.newaxis]], axis=2)
    is_there = frame.is_there[:, tf.newaxis]
    blank, label, given, peak = tf.unstack(of_source(tf.where(is_there[:, :, tf.newaxis], after, as_before)), axis=2)
    scores = tf.stack([
        tf.where(is_new | ~choice.is_kept, impossible, blank),
        tf.where(choice.is_kept, tf.where(is_new, choice.of_new(longer.log_prob), label), impossible),
        tf.where(is_new, choice.of_new(longer.given), given),
    ], axis=2)  # fmt: skip

    moved = tf.cast(staying.is_moved & is_there, tf.int32)
    aligned_like = tf.where(is_there, staying.aligned_like, tf.range(beams.scores.shape[1]))
    facts = of_source(tf.stack([beams.last, beams.length, aligned_like, moved], axis=2))
    last, length, aligned_like, moved = tf.unstack(facts, axis=2)
    last = tf.where(is_new, tf.gather(frame.labels, choice.column, batch_dims=1), last)
    peak = tf.where(is_new, tf.gather(frame.values, choice.column, batch_dims=1), peak)
    length += tf.cast(is_new, tf.int32)
    names = of_source(beams.names)
    new_names = tf.stack([choice.of_new(longer.names), names[:, :, 0]], axis=2)

    history = tf.gather(beams.history, tf.where(is_new, choice.source, aligned_like), batch_dims=1)
    is_written = is_new | (moved > 0)
    return Beams(
        scores=scores,
        peak=peak,
        names=tf.where(is_new[:, :, tf.newaxis], new_names, names),
        last=last,
        length=length,
        states=tf.where(is_new[:, :, tf.newaxis], choice.of_new(longer.states), of_source(beams.states)),
        history=_written(history, is_written, length - 1, last, frame.number, peak),
    )


def _written(history, is_written, place, label, number, peak):
    """Histories with their last label, its frame and its log-probability there."""
    number = tf.broadcast_to(tf.cast(number, tf.float32)[:, tf.newaxis], tf.shape(label))
    entry = tf.stack([tf.cast(label, tf.float32), number, tf.cast(peak, tf.float32)], axis=2)
    is_here = (tf.range(tf.shape(history)[2]) == place[:, :, tf.newaxis]) & is_written[:, :, tf.newaxis]
    return tf.where(is_here[..., tf.newaxis], entry[:, :, tf.newaxis], history)


def _impossible():
    return tf.constant(IMPOSSIBLE, tf.float64)
