"""Greedy (best-path) CTC decoding with the frame and the confidence of every symbol, in TensorFlow ops."""

from typing import NamedTuple

import tensorflow as tf


class GreedyDecoding(NamedTuple):
    """What `greedy_decode` returns; ragged over the symbols of each row.

    Attributes:
        labels: Int32 ragged `[B, (U)]`, classes without the blank.
        frames: Int32 ragged `[B, (U)]`, the frame at which the symbol is most probable within its run.
        confidences: Float32 ragged `[B, (U)]`, the probability there.
        confidence: Float32 `[B]`, geometric mean of the symbols' confidences; of the blank's over the frames
            where there is no symbol, and 1 where there is no frame.
    """

    labels: tf.RaggedTensor
    frames: tf.RaggedTensor
    confidences: tf.RaggedTensor
    confidence: tf.Tensor


def greedy_decode(logits, logit_length) -> GreedyDecoding:
    """Take the most probable class of every frame, merge repeats, drop blanks.

    Args:
        logits: Float `[B, T, K]`; the blank is the last class.
        logit_length: Int32 `[B]`, valid frames of each row; what stands behind them changes nothing.

    Returns:
        A `GreedyDecoding`.

    Reference: Graves et al. 2006, section 3.2 (best path decoding).
    """
    log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float32))
    best = tf.argmax(log_probs, axis=-1, output_type=tf.int32)
    best_log_prob = tf.reduce_max(log_probs, axis=-1)
    valid = tf.sequence_mask(logit_length, tf.shape(best)[1])
    previous = tf.pad(best, [[0, 0], [1, 0]], constant_values=-1)[:, :-1]
    emits = valid & (best != tf.shape(logits)[2] - 1)
    starts = emits & (best != previous)

    # Number the runs of equal symbols over the whole batch, then reduce each run to its most probable frame.
    runs = tf.reshape(tf.cumsum(tf.cast(tf.reshape(starts, [-1]), tf.int32)) - 1, tf.shape(starts))
    run_of_frame = tf.boolean_mask(runs, emits)
    frame = tf.boolean_mask(tf.broadcast_to(tf.range(tf.shape(best)[1]), tf.shape(best)), emits)
    frame_log_prob = tf.boolean_mask(best_log_prob, emits)
    run_log_prob = tf.math.segment_max(frame_log_prob, run_of_frame)
    is_peak = frame_log_prob >= tf.gather(run_log_prob, run_of_frame)
    last = tf.int32.max
    peak = tf.math.segment_min(tf.where(is_peak, frame, last), run_of_frame)

    def ragged(values):
        return tf.RaggedTensor.from_row_lengths(values, tf.reduce_sum(tf.cast(starts, tf.int32), axis=1))

    log_confidences = ragged(run_log_prob)
    mean_blank = _masked_mean(best_log_prob, valid)
    is_empty = log_confidences.row_lengths() == 0
    confidence = tf.where(
        is_empty,
        mean_blank,
        tf.math.divide_no_nan(
            tf.reduce_sum(log_confidences, axis=1), tf.cast(log_confidences.row_lengths(), tf.float32)
        ),
    )
    return GreedyDecoding(
        labels=ragged(tf.boolean_mask(best, starts)),
        frames=ragged(peak),
        confidences=tf.exp(log_confidences),
        confidence=tf.exp(confidence),
    )


def _masked_mean(values, mask):
    # Chosen, not multiplied: padding may hold NaN.
    sums = tf.reduce_sum(tf.where(mask, values, tf.zeros_like(values)), axis=1)
    return tf.math.divide_no_nan(sums, tf.reduce_sum(tf.cast(mask, values.dtype), axis=1))
