"""Confidence of readings in the graph: `ReadingConfidence` as TensorFlow operations."""

import tensorflow as tf

from seqapp.ctc import read_log_prob
from seqapp.decoding.reading_confidence import CERTAIN, ReadingConfidence


def reading_confidence(
    fitted: ReadingConfidence, labels: tf.RaggedTensor, logits, logit_length, log_share=None
) -> tf.Tensor:
    """Compute the confidence of each reading.

    Args:
        fitted: `ReadingConfidence`.
        labels: Int32 ragged `[B, (U)]`, what was read.
        logits: Float `[B, T, K]`, the blank last.
        logit_length: Int32 `[B]`; what stands behind the valid frames changes nothing.
        log_share: Float32 `[B]`, natural logarithm of the share of what was read among all that a search found; None:
            nothing was searched.

    Returns:
        Float32 `[B]` in (0, 1).
    """
    log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float32))
    length = tf.cast(labels.row_lengths(), tf.int32)
    log_prob = read_log_prob(log_probs, logit_length, labels.to_tensor(), length)
    logits = fitted.bias + fitted.doubt * _doubt(log_prob) + tf.where(length == 0, fitted.empty, 0.0)
    return tf.sigmoid(logits if log_share is None else logits + fitted.rivals * _doubt(log_share))


def _doubt(log_prob):
    return tf.math.log(CERTAIN - tf.minimum(log_prob, 0.0))
