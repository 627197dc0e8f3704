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
    num_frames = tf.shape(log_probs)[1]
    valid = tf.sequence_mask(logit_length, num_frames)
    columns = tf.transpose(log_probs, [0, 2, 1])
    last = tf.minimum(logit_length, num_frames)
    impossible = tf.constant(IMPOSSIBLE, tf.float64)

    def total_of(column):
        """Sums before each frame and behind, `[B, T + 1]`. Float64: large ones are taken from each other."""
        column = tf.cast(tf.where(valid, column, tf.zeros_like(column)), tf.float64)
        return tf.pad(tf.cumsum(column, axis=1), [[0, 0], [1, 0]])

    of_blank = total_of(columns[:, -1])
    in_label, in_blank = tf.fill(tf.shape(of_blank), impossible), of_blank

    def end_of(in_blank, in_label):
        ways = [tf.gather(column, last, batch_dims=1) for column in (in_blank, in_label)]
        return tf.reduce_logsumexp(tf.stack(ways), axis=0)

    def extend(u, in_blank, in_label, before, result):
        label = tf.clip_by_value(labels[:, u], 0, tf.shape(log_probs)[2] - 1)
        may_skip = tf.where(label != before, tf.zeros([], tf.float64), impossible)[:, tf.newaxis]
        entered = tf.reduce_logsumexp(tf.stack([in_blank, in_label + may_skip]), axis=0)
        in_label = _stay(entered, total_of(tf.gather(columns, label, batch_dims=1)))
        in_blank = _stay(in_label, of_blank)
        result = tf.where(label_length == u + 1, end_of(in_blank, in_label), result)
        return u + 1, in_blank, in_label, label, result

    none = tf.fill(tf.shape(logit_length), -1)
    result = end_of(in_blank, in_label)
    *_, result = tf.while_loop(
        lambda u, *_: u < tf.shape(labels)[1], extend, (0, in_blank, in_label, none, result), parallel_iterations=1
    )
    return tf.cast(result, tf.float32)


def _stay(entered, total):
    """Sum over the frames at which a state was entered, one frame behind the state before it."""
    entered = tf.pad(entered, [[0, 0], [1, 0]], constant_values=IMPOSSIBLE)[:, :-1]
    left = tf.pad(total, [[0, 0], [1, 0]])[:, :-1]
    return tf.math.cumulative_logsumexp(entered - left, axis=1) + total
