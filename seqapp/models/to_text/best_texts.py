"""N-best texts of a posteriorgram, by beam search in TensorFlow operations (the signature `beam`)."""

import math

import tensorflow as tf

from seqapp.ctc import label_log_prob

NUM_TEXTS, BEAM_WIDTH = 8, 16
UNLIKELY = -60.0  # of a label in frames that are appended: e^-60 moves no float32


def n_best(log_probs, num_frames, symbols):
    """Prefix beam search by TensorFlow's own kernel, its texts then scored over all their alignments.

    The kernel is exact for a blank that is the last class, but for what its beam prunes. It fails where a row has fewer
    prefixes than texts are asked for; frames of nothing but blanks are appended, which give it prefixes enough, and
    whose texts fall out again where they are none of the row.

    Args:
        log_probs: Float32 `[B, T, K]`, the blank last.
        num_frames: Int32 `[B]`.
        symbols: String `[K]`: a class's characters, "" for the blank.

    Returns:
        texts: String `[B, 8]`, the most probable first; "" behind the last where a row has fewer.
        scores: Float32 `[B, 8]`, natural logarithms of their probabilities; -inf where there is no text.

    Reference: Graves et al. 2006, section 3.2 (prefix search).
    """
    num_classes, batch_size = symbols.shape[0], tf.shape(log_probs)[0]
    num_appended = 2 * math.ceil(NUM_TEXTS / (num_classes - 1))
    decoded, _ = tf.nn.ctc_beam_search_decoder(
        tf.transpose(_appended(log_probs, num_frames, num_appended), [1, 0, 2]), num_frames + num_appended,
        beam_width=BEAM_WIDTH, top_paths=NUM_TEXTS,
    )  # fmt: skip
    rows = [tf.cast(tf.sparse.to_dense(labels, default_value=-1), tf.int32) for labels in decoded]
    longest = tf.reduce_max(tf.stack([tf.shape(row)[1] for row in rows]))
    rows = [tf.pad(row, [[0, 0], [0, longest - tf.shape(row)[1]]], constant_values=-1) for row in rows]
    labels = tf.reshape(tf.stack(rows, axis=1), [batch_size * NUM_TEXTS, longest])

    lengths = tf.reduce_sum(tf.cast(labels >= 0, tf.int32), axis=1)
    repeated = tf.repeat(log_probs, NUM_TEXTS, axis=0), tf.repeat(num_frames, NUM_TEXTS)
    scores = tf.reshape(label_log_prob(*repeated, labels, lengths), [batch_size, NUM_TEXTS])
    characters = tf.gather(symbols, tf.where(labels >= 0, labels, num_classes - 1))
    texts = tf.reshape(tf.strings.reduce_join(characters, axis=1), [batch_size, NUM_TEXTS])
    scores, order = tf.math.top_k(scores, NUM_TEXTS)
    texts = tf.gather(texts, order, batch_dims=1)
    return tf.where(scores > float("-inf"), texts, ""), scores


def _appended(log_probs, num_frames, count):
    """Frames in which a blank is certain, behind each row's last."""
    num_classes = log_probs.shape[2]
    blanks = tf.constant([UNLIKELY] * (num_classes - 1) + [0.0])
    padded = tf.pad(log_probs, [[0, 0], [0, count], [0, 0]])
    valid = tf.sequence_mask(num_frames, tf.shape(padded)[1])[:, :, tf.newaxis]
    return tf.where(valid, padded, blanks)
