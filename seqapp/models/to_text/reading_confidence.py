"""Confidence of readings in the graph: `ReadingConfidence` as TensorFlow operations."""

import tensorflow as tf

from seqapp.ctc import read_log_prob
from seqapp.decoding.reading_confidence import CERTAIN, ReadingConfidence


def reading_confidence(fitted: ReadingConfidence, labels: tf.RaggedTensor, logits, logit_length) -> tf.Tensor:
    """Compute the confidence of each reading.

    Args:
        fitted: `ReadingConfidence`.
        labels: Int32 ragged `[B, (U)]`, what was read.
        logits: Float `[B, T, K]`, the blank last.
        logit_length: Int32 `[B]`; what stands behind the valid frames changes nothing.

    Returns:
        Float32 `[B]` in (0, 1).
    """
    log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float32))
    length = tf.cast(labels.row_lengths(), tf.int32)
    log_prob = read_log_prob(log_probs, logit_length, labels.to_tensor(), length)
    doubt = tf.math.log(CERTAIN - tf.minimum(log_prob, 0.0))
    return tf.sigmoid(fitted.bias + fitted.doubt * doubt + tf.where(length == 0, fitted.empty, 0.0))
