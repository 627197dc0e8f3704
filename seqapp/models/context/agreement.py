"""Agreement of the texts of a search on each label of the best one: `seqapp.decoding.agreement` in the graph."""

import tensorflow as tf

from seqapp.decoding.agreement import FRAMES_OFF, SUREST


def agreement(labels, frames, scores):
    """Compute the part that the texts with a label have, those that have it in the same frame or beside it.

    Args:
        labels: Int32 `[B, N, U]`, the best text first, -1 behind its end.
        frames: Int32 `[B, N, U]`, where each label is most probable, rising; -1 behind the end.
        scores: Float64 `[B, N]`; -inf where there is no text.

    Returns:
        Float32 `[B, U]`, of the labels of the best text; anything behind its end.
    """
    width = tf.shape(labels)[2]
    num_classes = 1 + tf.maximum(tf.reduce_max(labels), 0)
    # One number per label and frame, in the order of a text; no text has one of those behind an end.
    keys = tf.where(labels >= 0, frames * num_classes + labels, tf.int32.max)
    rows = tf.reshape(keys, [-1, width])
    is_there = tf.zeros(tf.shape(rows), tf.bool)
    for off in range(-FRAMES_OFF, FRAMES_OFF + 1):
        wanted = tf.where(labels[:, :1] >= 0, keys[:, :1] + off * num_classes, -1)
        wanted = tf.reshape(tf.broadcast_to(wanted, tf.shape(keys)), [-1, width])
        places = tf.minimum(tf.searchsorted(rows, wanted), tf.maximum(width - 1, 0))
        is_there |= tf.gather(rows, places, batch_dims=1) == wanted
    parts = tf.cast(tf.nn.softmax(scores), tf.float32)
    is_there = tf.reshape(tf.cast(is_there, tf.float32), tf.shape(keys))
    return tf.reduce_sum(parts[:, :, tf.newaxis] * is_there, axis=1)


def calibrated(probabilities, temperature: float, offset: float):
    """Calibrate probabilities, as `seqapp.decoding.agreement.calibrated` does."""
    probabilities = tf.clip_by_value(probabilities, 1.0 - SUREST, SUREST)
    logits = tf.math.log(probabilities) - tf.math.log1p(-probabilities)
    return tf.sigmoid(logits / temperature + offset)
