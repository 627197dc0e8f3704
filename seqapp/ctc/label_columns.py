"""Log-probability of a text that was read, label by label: few operations over all frames for each of its labels.

The sums are those of `label_log_prob`, which goes frame by frame; there are more frames than labels.
"""

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE


def read_log_prob(log_probs, logit_length, labels, label_length) -> tf.Tensor:
    """Compute the log-probability of each label sequence, all its alignments summed, without a gradient.

    Args:
        log_probs: Float `[B, T, K]`, the blank last.
        logit_length: Int32 `[B]`, valid frames of each row; what stands behind them changes nothing.
        labels: Int32 `[B, U]`, classes in [0, K - 1), padded with anything.
        label_length: Int32 `[B]`.

    Returns:
        Float32 `[B]`; at most `IMPOSSIBLE` where a label does not fit into its frames.
    """
    # Float64: sums over all frames are taken from each other.
    valid = tf.sequence_mask(logit_length, tf.shape(log_probs)[1])[:, :, tf.newaxis]
    log_probs = tf.cast(tf.where(valid, log_probs, tf.zeros_like(log_probs)), tf.float64)
    lattice = tf.pad(log_probs, [[0, 0], [1, 0], [0, 0]])  # a frame of certainty: where all alignments begin
    totals = tf.cumsum(lattice, axis=1)
    impossible = tf.constant(IMPOSSIBLE, tf.float64)
    batch_size, num_frames = tf.unstack(tf.shape(lattice)[:2])
    in_label = tf.fill([batch_size, num_frames], impossible)
    in_blank = totals[:, :, -1]

    def end_of(in_blank, in_label):
        last = tf.minimum(logit_length, num_frames - 1)
        ways = [tf.gather(column, last, batch_dims=1) for column in (in_blank, in_label)]
        return tf.reduce_logsumexp(tf.stack(ways), axis=0)

    def extend(u, in_blank, in_label, before, result):
        label = tf.clip_by_value(labels[:, u], 0, tf.shape(log_probs)[2] - 1)
        may_skip = tf.where(label != before, tf.zeros([], tf.float64), impossible)[:, tf.newaxis]
        entered = tf.reduce_logsumexp(tf.stack([in_blank, in_label + may_skip]), axis=0)
        in_label = _stay(entered, tf.gather(totals, label, axis=2, batch_dims=1))
        in_blank = _stay(in_label, totals[:, :, -1])
        result = tf.where(label_length == u + 1, end_of(in_blank, in_label), result)
        return u + 1, in_blank, in_label, label, result

    def _stay(entered, total):
        """Sum over the frames at which a state was entered, one frame behind the state before it."""
        entered = tf.pad(entered, [[0, 0], [1, 0]], constant_values=IMPOSSIBLE)[:, :-1]
        left = tf.pad(total, [[0, 0], [1, 0]])[:, :-1]
        return tf.math.cumulative_logsumexp(entered - left, axis=1) + total

    none = tf.fill([batch_size], -1)
    result = end_of(in_blank, in_label)
    *_, result = tf.while_loop(
        lambda u, *_: u < tf.shape(labels)[1], extend, (0, in_blank, in_label, none, result), parallel_iterations=1
    )
    return tf.cast(result, tf.float32)
