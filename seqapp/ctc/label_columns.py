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
    valid = tf.sequence_mask(logit_length, tf.shape(log_probs)[1])[:, tf.newaxis]
    columns = tf.transpose(log_probs, [0, 2, 1])
    # A frame more, so that what is behind the last one stands before another.
    columns = tf.pad(tf.where(valid, columns, tf.zeros_like(columns)), [[0, 0], [0, 0], [0, 1]])
    of_blank = _with_total(columns[:, -1])
    # Before each frame: in the last label, and in the blank behind it, at first in the blank before all labels.
    nothing = tf.fill(tf.shape(of_blank[0]), tf.constant(IMPOSSIBLE, tf.float64))
    states = nothing, of_blank[1] - of_blank[0]

    def extend(u, in_label, in_blank, before):
        label = tf.clip_by_value(labels[:, u], 0, tf.shape(log_probs)[2] - 1)
        may_skip = tf.cast(tf.where(label != before, 0.0, IMPOSSIBLE), tf.float64)[:, tf.newaxis]
        entered = _add(in_blank, in_label + may_skip)
        new_label = _stay(entered, _with_total(tf.gather(columns, label, batch_dims=1)), nothing)
        new_blank = _stay(new_label, of_blank, nothing)
        goes_on = (u < label_length)[:, tf.newaxis]
        return u + 1, tf.where(goes_on, new_label, in_label), tf.where(goes_on, new_blank, in_blank), label

    none = tf.fill(tf.shape(logit_length), -1)
    _, *states, _ = tf.while_loop(
        lambda u, *_: u < tf.shape(labels)[1], extend, (0, *states, none), parallel_iterations=1
    )
    last = tf.clip_by_value(logit_length, 0, tf.shape(log_probs)[1])
    return tf.cast(_add(*(tf.gather(state, last, batch_dims=1) for state in states)), tf.float32)


def _with_total(column):
    """A column and its sums up to each frame, float64: large ones are taken from each other."""
    column = tf.cast(column, tf.float64)
    return column, tf.cumsum(column, axis=1)


def _stay(entered, column_and_total, nothing):
    """Sum over the frames at which a state is entered: what is in it before each next frame."""
    column, total = column_and_total
    behind = tf.math.cumulative_logsumexp(entered + (column - total), axis=1) + total
    return tf.concat([nothing[:, :1], behind[:, :-1]], axis=1)


def _add(a, b):
    """Add two probabilities, both of them logarithms and finite."""
    return tf.maximum(a, b) + tf.math.log1p(tf.exp(-tf.abs(a - b)))
