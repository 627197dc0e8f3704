"""Forced alignment of known labels: the most probable single path of CTC (Viterbi), in TensorFlow operations."""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE, make_lattice, masked_log_softmax
from seqapp.ctc.passes import forward_pass, label_occupancy
from seqapp.ctc.semiring import Maximum


class ForcedAlignment(NamedTuple):
    """What `forced_align` returns. Spans of one row are in order and never overlap; between them stand blanks.

    Attributes:
        starts: Int32 `[B, U]`, the first frame of each label.
        ends: Int32 `[B, U]`, the frame behind its last. Starts and ends are 0 where there is no label, and for rows
            that cannot be aligned.
        log_prob: Float32 `[B]`, of the path, blanks included; -inf for rows that cannot be aligned. At most the
            negative `ctc_loss`, which sums all paths.
        confidences: Float32 `[B, U]`, mean probability of each label over its frames; 0 where there is no label.
    """

    starts: tf.Tensor
    ends: tf.Tensor
    log_prob: tf.Tensor
    confidences: tf.Tensor


def forced_align(logits, logit_length, labels, label_length) -> ForcedAlignment:
    """Find the best path that collapses to the labels of each row (Viterbi).

    The spans are those of torchaudio.functional.forced_align followed by merge_tokens: equal frames side by side are
    one label, equal labels side by side are parted by a blank. Labels may be empty. Of paths of the same probability
    the one is taken that leaves its labels earliest.

    Args:
        logits: Float `[B, T, K]`, unnormalised; the blank is the last class, K - 1.
        logit_length: Int `[B]`, valid frames of each row; what stands behind them changes nothing.
        labels: Int `[B, U]`, classes in [0, K - 1), padded with anything.
        label_length: Int `[B]`.

    Returns:
        A `ForcedAlignment`. Nothing flows back into the logits.

    Example:
        >>> frames = [2, 0, 0, 2, 1]  # blank, a, a, blank, b
        >>> alignment = forced_align(10.0 * tf.one_hot([frames], 3), [5], [[0, 1]], [2])
        >>> alignment.starts.numpy().tolist(), alignment.ends.numpy().tolist()
        ([[1, 4]], [[3, 5]])

    Reference: Kürzinger et al., CTC-segmentation of large corpora, 2020, equations 1-3; Graves et al. 2006.
    """
    log_probs, valid = masked_log_softmax(tf.cast(tf.stop_gradient(logits), tf.float32), logit_length)
    lattice = make_lattice(log_probs, logit_length, labels, label_length)
    forward = forward_pass(lattice, label_length, Maximum)
    is_aligned = forward.log_p > IMPOSSIBLE / 2
    counts = tf.transpose(valid & is_aligned[:, tf.newaxis])[:, :, tf.newaxis]
    visited = tf.where(counts, label_occupancy(lattice, forward, Maximum), 0.0)[:, :, :-1]
    num_frames = tf.reduce_sum(visited, axis=0)
    starts = _first_frame(visited)
    probability = tf.exp(lattice.by_frame(lattice.label_emission))[:, :, :-1]
    return ForcedAlignment(
        starts=starts,
        ends=starts + tf.cast(num_frames, tf.int32),
        log_prob=tf.where(is_aligned, forward.log_p, -float("inf")),
        confidences=tf.math.divide_no_nan(tf.reduce_sum(visited * probability, axis=0), num_frames),
    )


def _first_frame(visited):
    """Reduce `[T, B, U]` of 0 and 1 to the first frame visited, int32 `[B, U]`; 0 where nothing is visited."""
    frame = tf.range(tf.shape(visited)[0])[:, tf.newaxis, tf.newaxis]
    first = tf.reduce_min(tf.where(visited > 0, frame, tf.int32.max), axis=0)
    return tf.where(first < tf.int32.max, first, 0)
