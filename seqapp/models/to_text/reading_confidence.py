"""Confidence of readings in the graph: `ReadingConfidence` as TensorFlow operations."""

import tensorflow as tf

from seqapp.ctc import read_log_prob
from seqapp.decoding.reading_confidence import CERTAIN, ReadingConfidence


def reading_confidence(
    fitted: ReadingConfidence, labels: tf.RaggedTensor, logits, logit_length, log_share=None
) -> tuple[tf.Tensor, tf.Tensor]:
    """Compute the confidence of each reading, and whether it is of use.

    Args:
        fitted: `ReadingConfidence`.
        labels: Int32 ragged `[B, (U)]`, what was read.
        logits: Float `[B, T, K]`, the blank last.
        logit_length: Int32 `[B]`; what stands behind the valid frames changes nothing.
        log_share: Float32 `[B]`, natural logarithm of the share of what was read among all that a search found; None:
            nothing was searched.

    Returns:
        confidence: Float32 `[B]` in (0, 1).
        is_sure: Bool `[B]`.
    """
    log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float32))
    length = tf.cast(labels.row_lengths(), tf.int32)
    log_prob = read_log_prob(log_probs, logit_length, labels.to_tensor(), length)
    logits = fitted.bias + fitted.doubt * _doubt(log_prob) + tf.where(length == 0, fitted.empty, 0.0)
    logits = logits if log_share is None else logits + fitted.rivals * _doubt(log_share)
    if fitted.path:
        valid = tf.sequence_mask(logit_length, tf.shape(log_probs)[1])
        path = tf.reduce_sum(tf.where(valid, tf.reduce_max(log_probs, axis=-1), 0.0), axis=1)
        logits += fitted.path * _doubt(path)
    confidence = tf.sigmoid(logits)
    if fitted.sure_log_prob is None:
        return confidence, confidence >= fitted.sure_from
    return confidence, (length > 0) & (log_prob >= fitted.sure_log_prob * tf.cast(length + 1, tf.float32))


def _doubt(log_prob):
    return tf.math.log(CERTAIN - tf.minimum(log_prob, 0.0))
