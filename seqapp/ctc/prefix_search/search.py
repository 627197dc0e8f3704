"""CTC prefix beam search over the frames of a batch: one step of a loop per frame in which a label is likely."""

import dataclasses
from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.active_frames import ActiveFrames, active_frames
from seqapp.ctc.prefix_search.beams import Beams, choose, log_add
from seqapp.ctc.prefix_search.scorer import LabelScorer

MULTIPLIER = 6364136223846793005  # of the hash of texts, modulo 2^64 (Knuth's)


@dataclasses.dataclass(frozen=True)
class Pruning:
    """Texts and labels that are not looked at, as in `seqapp.decoding.beam_search`.

    Attributes:
        beam_width: Texts kept after each frame.
        beam_threshold: Texts further than this below the best one are dropped (natural logarithm).
        label_threshold: Labels less probable than this do not occur in a frame (natural logarithm).
        most_labels: Of each frame only the likeliest are looked at.
    """

    beam_width: int = 32
    beam_threshold: float = 16.0
    label_threshold: float = -8.0
    most_labels: int = 8


def search(beams: Beams, log_probs, num_frames, scorer: LabelScorer, pruning: Pruning, first_frame=0) -> Beams:
    """Search on through more frames. All at once or chunk by chunk, the texts and their scores are the same.

    Args:
        beams: From `begin`, or from the last chunk, of `pruning.beam_width`.
        log_probs: Float32 `[B, T, K]`, natural logarithms, the blank last.
        num_frames: Int32 `[B]`; what stands behind a row's frames changes nothing.
        scorer: `LabelScorer`.
        pruning: `Pruning`.
        first_frame: Int32, or `[B]`: the number of the first of these frames, from which histories count.

    Returns:
        `Beams`, with room for the labels that these frames may add.

    Reference: Hannun et al., First-pass large vocabulary continuous speech recognition using bi-directional recurrent
    DNNs, 2014, algorithm 1; Graves and Jaitly, Towards end-to-end speech recognition with recurrent neural networks,
    2014, algorithm 1.
    """
    frames = active_frames(log_probs, num_frames, pruning.label_threshold, pruning.most_labels)
    num_active = tf.shape(frames.number)[0]
    history = tf.pad(beams.history, [[0, 0], [0, 0], [0, num_active], [0, 0]])
    frames = frames._replace(number=frames.number + first_frame)

    def body(t, *values):
        return t + 1, *_step(Beams(*values), _Frame.of(frames, t), scorer, pruning)

    shapes = [tf.TensorShape(tensor.shape) for tensor in beams._replace(history=history)]
    shapes[-1] = tf.TensorShape([*shapes[-1][:2], None, 3])
    _, *values = tf.while_loop(
        lambda t, *_: t < num_active,
        body,
        (0, *beams._replace(history=history)),
        shape_invariants=(tf.TensorShape([]), *shapes),
        parallel_iterations=1,
    )
    beams = Beams(*values)
    return choose(frames.has_last_gap, _silence(beams, frames.last_gap), beams)


def finish(beams: Beams, scorer: LabelScorer, is_final=True) -> tuple[tf.Tensor, tf.Tensor]:
    """Rank the texts of each row.

    Args:
        beams: `Beams`.
        scorer: `LabelScorer`.
        is_final: Bool, or bool `[B]`: whether the texts end here; then the scorer judges their end too.

    Returns:
        scores: Float64 `[B, W]`, the best first; of no use below `IMPOSSIBLE / 2`.
        order: Int32 `[B, W]`, the beams that they belong to.
    """
    end = tf.where(tf.reshape(is_final, [-1, 1]), scorer.finish(beams.states), 0.0)
    return tf.math.top_k(beams.ctc_score + beams.scores[:, :, 2] + end, beams.scores.shape[1])


class _Frame(NamedTuple):
    """One frame of each row; the first C labels are above the threshold in one of them."""

    is_there: tf.Tensor
    number: tf.Tensor
    log_probs: tf.Tensor
    labels: tf.Tensor
    values: tf.Tensor
    gap: tf.Tensor
    has_gap: tf.Tensor

    @classmethod
    def of(cls, frames: ActiveFrames, t):
        count = frames.num_labels[t]
        return cls(
            t < frames.num_active, frames.number[t], frames.log_probs[t], frames.labels[t][:, :count],
            frames.values[t][:, :count], frames.gap[t], frames.has_gap[t],
        )  # fmt: skip


def _silence(beams, gap):
    """Beams after frames of nothing but blanks."""
    total = beams.ctc_score + gap[:, tf.newaxis]
    scores = tf.stack([total, tf.fill(tf.shape(total), tf.constant(IMPOSSIBLE, tf.float64)), beams.scores[:, :, 2]], 2)
    return beams._replace(scores=scores)


def _step(beams: Beams, frame: _Frame, scorer, pruning) -> Beams:
    """Take one frame more; rows that have none stay as they are."""
    impossible = tf.constant(IMPOSSIBLE, tf.float64)
    is_there = frame.is_there[:, tf.newaxis]
    total = beams.ctc_score + frame.gap[:, tf.newaxis]
    blank, label, extra = tf.unstack(beams.scores, axis=2)
    has_gap = frame.has_gap[:, tf.newaxis]
    label = tf.where(has_gap, impossible, label)
    blank = tf.where(has_gap, total, blank)

    has_last = beams.last >= 0
    of_last = tf.gather(frame.log_probs, tf.maximum(beams.last, 0), batch_dims=1)
    of_last = tf.where(has_last, of_last, impossible)
    goes_on = label + of_last
    is_last = frame.labels[:, tf.newaxis] == beams.last[:, :, tf.newaxis]  # [B, W, C]

    # A text that is one label longer than another of the beam: the other may become it here.
    is_parent = beams.names[:, tf.newaxis, :, 0] == beams.names[:, :, tf.newaxis, 1]  # [B, W, parent]
    has_parent = tf.reduce_any(is_parent, axis=2) & has_last
    parent = tf.argmax(is_parent, axis=2, output_type=tf.int32)
    before = tf.stack([total, blank, tf.cast(beams.last, tf.float64)], axis=2)
    of_parent, blank_of_parent, last_of_parent = tf.unstack(tf.gather(before, parent, batch_dims=1), axis=2)
    is_repeat = last_of_parent == tf.cast(beams.last, tf.float64)
    enters = of_last + tf.where(is_repeat, blank_of_parent, of_parent)
    enters = tf.where(has_parent, enters, impossible)

    stays_blank = total + frame.log_probs[:, -1:]
    stays_label = log_add(goes_on, enters)
    stays = log_add(stays_blank, stays_label) + extra

    # A repeat needs a blank between; and what the beam holds already is no new text.
    longer = tf.where(is_last, blank[:, :, tf.newaxis], total[:, :, tf.newaxis]) + frame.values[:, tf.newaxis]
    lengthened = beams.names[:, :, 0, tf.newaxis] * MULTIPLIER + tf.cast(frame.labels + 1, tf.int64)[:, tf.newaxis]
    is_held = tf.reduce_any(lengthened[..., tf.newaxis] == beams.names[:, tf.newaxis, tf.newaxis, :, 0], axis=3)
    longer = tf.where(is_held | (frame.values[:, tf.newaxis] <= IMPOSSIBLE), impossible, longer)
    given, states = scorer.scores(beams.states, frame.labels)
    given += extra[:, :, tf.newaxis]

    width, count = beams.scores.shape[1], tf.shape(frame.labels)[1]
    everything = tf.concat([stays, tf.reshape(longer + given, [-1, width * count])], axis=1)
    best, chosen = tf.math.top_k(everything, width)
    is_kept = (best >= best[:, :1] - pruning.beam_threshold) | ~is_there
    chosen = tf.where(is_there, chosen, tf.range(width))
    is_new = chosen >= width
    place = tf.maximum(chosen - width, 0)
    source = tf.where(is_new, place // count, chosen)
    column = place % count

    def of_new(x):
        """Values `[B, W, C, ...]` of the lengthened texts."""
        return tf.gather(tf.reshape(x, [-1, width * count, *x.shape[3:]]), place, batch_dims=1)

    # Where a text is entered rather than gone on with, its alignment is that of its parent and this frame.
    is_entered = (enters > goes_on) & (enters > IMPOSSIBLE / 2)
    is_written = is_entered | ((label > blank) & (of_last > beams.peak))
    floats = tf.stack([stays_blank, stays_label, extra, tf.where(is_written, of_last, beams.peak)], axis=2)
    as_before = tf.concat([beams.scores, beams.peak[:, :, tf.newaxis]], axis=2)
    floats = tf.gather(tf.where(is_there[:, :, tf.newaxis], floats, as_before), source, batch_dims=1)
    aligned_like = tf.where(is_entered & is_there, parent, tf.range(width))
    ints = tf.stack([beams.last, beams.length, aligned_like, tf.cast(is_written & is_there, tf.int32)], axis=2)
    last, length, aligned_like, is_written = tf.unstack(tf.gather(ints, source, batch_dims=1), axis=2)
    names = tf.gather(beams.names, source, batch_dims=1)

    new_label = tf.gather(frame.labels, column, batch_dims=1)
    new_value = of_new(longer)
    value = tf.gather(frame.values, column, batch_dims=1)
    last = tf.where(is_new, new_label, last)
    length = length + tf.cast(is_new, tf.int32)
    peak = tf.where(is_new, value, floats[:, :, 3])
    scores = tf.stack([
        tf.where(is_new | ~is_kept, impossible, floats[:, :, 0]),
        tf.where(is_kept, tf.where(is_new, new_value, floats[:, :, 1]), impossible),
        tf.where(is_new, of_new(given), floats[:, :, 2]),
    ], axis=2)  # fmt: skip
    longer_names = tf.stack([of_new(lengthened), names[:, :, 0]], axis=2)
    names = tf.where(is_new[:, :, tf.newaxis], longer_names, names)
    states = tf.where(is_new[:, :, tf.newaxis], of_new(states), tf.gather(beams.states, source, batch_dims=1))

    history = tf.gather(beams.history, tf.where(is_new, source, aligned_like), batch_dims=1)
    entry = tf.stack([
        tf.cast(last, tf.float32),
        tf.broadcast_to(tf.cast(frame.number, tf.float32)[:, tf.newaxis], tf.shape(last)),
        tf.cast(peak, tf.float32),
    ], axis=2)  # fmt: skip
    is_here = tf.range(tf.shape(history)[2]) == (length - 1)[:, :, tf.newaxis]
    is_here &= (is_new | (is_written > 0))[:, :, tf.newaxis]
    history = tf.where(is_here[..., tf.newaxis], entry[:, :, tf.newaxis], history)
    return Beams(scores, peak, names, last, length, states, history)
