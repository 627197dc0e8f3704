"""Log-probability of a given text under the CTC model, in plain TensorFlow ops, for graphs served without XLA."""

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE


def label_log_prob(log_probs, logit_length, labels, label_length) -> tf.Tensor:
    """Compute the log-probability of each label sequence, all its alignments summed: the negative of `ctc_loss`.

    The forward half of `forward_backward_loss`, without a gradient, a frame at a time.

    Args:
        log_probs: Float32 `[B, T, K]`, the blank last; each frame's probabilities sum to one.
        logit_length: Int32 `[B]`, valid frames of each row.
        labels: Int32 `[B, U]`, classes in [0, K - 1), padded with anything.
        label_length: Int32 `[B]`.

    Returns:
        Float32 `[B]`, -inf where a label does not fit into its frames.

    Reference: Graves et al., Connectionist temporal classification, 2006, equations 6-8.
    """
    is_label = tf.sequence_mask(label_length, tf.shape(labels)[1])
    labels = tf.where(is_label, labels, 0)
    before = tf.pad(labels, [[0, 0], [1, 0]], constant_values=-1)[:, :-1]
    may_skip = tf.where(is_label & (labels != before), 0.0, IMPOSSIBLE)
    of_labels = tf.gather(tf.maximum(log_probs, IMPOSSIBLE), labels, axis=2, batch_dims=1)
    of_labels = tf.transpose(tf.where(is_label[:, tf.newaxis], of_labels, IMPOSSIBLE), [1, 0, 2])
    of_blank = tf.transpose(tf.maximum(log_probs[:, :, -1:], IMPOSSIBLE), [1, 0, 2])
    first = tf.zeros([tf.shape(labels)[0], 1])  # in the blank before the first label, and nowhere else
    blanks = tf.concat([first, tf.fill(tf.shape(labels), IMPOSSIBLE)], axis=1)  # [B, U + 1]

    def step(t, blanks, in_labels):
        from_label = tf.pad(in_labels, [[0, 0], [1, 0]], constant_values=IMPOSSIBLE)
        entered = _sum(in_labels, blanks[:, :-1], from_label[:, :-1] + may_skip) + of_labels[t]
        stayed = _sum(blanks, from_label) + of_blank[t]
        goes_on = (t < logit_length)[:, tf.newaxis]
        return t + 1, tf.where(goes_on, stayed, blanks), tf.where(goes_on, entered, in_labels)

    _, blanks, in_labels = tf.while_loop(
        lambda t, *_: t < tf.shape(log_probs)[1], step, (0, blanks, tf.fill(tf.shape(labels), IMPOSSIBLE))
    )
    in_labels = tf.pad(in_labels, [[0, 0], [1, 0]], constant_values=IMPOSSIBLE)
    ends = tf.gather(_sum(blanks, in_labels), label_length, axis=1, batch_dims=1)
    return tf.where(ends > IMPOSSIBLE / 2, ends, float("-inf"))


def _sum(*ways):
    """Add probabilities, all of them logarithms."""
    return tf.reduce_logsumexp(tf.stack(ways), axis=0)
