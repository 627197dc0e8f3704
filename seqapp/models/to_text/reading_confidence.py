"""Confidence of readings in the graph: the statistics of `seqapp.decoding.reading_confidence` as TensorFlow ops."""

import tensorflow as tf

from seqapp.ctc.greedy import GreedyDecoding
from seqapp.decoding.reading_confidence import LEAST, WAVERING, ReadingConfidence


def reading_confidence(
    confidence: ReadingConfidence, decoding: GreedyDecoding, logits: tf.Tensor, logit_length: tf.Tensor
) -> tf.Tensor:
    """Compute the confidence of each reading.

    Args:
        confidence: `ReadingConfidence`.
        decoding: Of the logits.
        logits: Float32 `[B, T, K]`.
        logit_length: Int32 `[B]`; what stands behind the valid frames changes nothing.

    Returns:
        Float32 `[B]` in (0, 1).
    """
    weights = tf.constant(confidence.vector, tf.float32)
    return tf.sigmoid(tf.linalg.matvec(graph_statistics(decoding, logits, logit_length), weights) + confidence.bias)


def graph_statistics(decoding: GreedyDecoding, logits: tf.Tensor, logit_length: tf.Tensor) -> tf.Tensor:
    """Compute `reading_statistics` of each row, float32 `[B, len(STATISTICS)]`; arguments as above."""
    valid = tf.sequence_mask(logit_length, tf.shape(logits)[1])
    frames = tf.where(valid, tf.reduce_max(tf.nn.log_softmax(tf.cast(logits, tf.float32)), axis=-1), 0.0)
    num_frames = tf.maximum(tf.cast(logit_length, tf.float32), 1.0)
    num_characters = tf.cast(decoding.confidences.row_lengths(), tf.float32)
    characters = tf.maximum(tf.math.log(decoding.confidences.to_tensor(1.0)), LEAST)
    total = tf.reduce_sum(characters, axis=1)
    return tf.stack(
        [
            tf.math.divide_no_nan(total, num_characters),
            # The filler's logarithm is 0, and no character's is more.
            tf.reduce_min(tf.pad(characters, [[0, 0], [0, 1]]), axis=1),
            tf.maximum(total, LEAST),
            tf.reduce_sum(frames, axis=1) / num_frames,
            tf.reduce_sum(tf.cast(frames < WAVERING, tf.float32), axis=1) / num_frames,
            tf.math.log1p(num_characters),
            num_characters / num_frames,
            tf.cast(num_characters == 0, tf.float32),
        ],
        axis=1,
    )
