"""CTC loss by the forward-backward recursion: exact for any row, compiled on its own or with what is around."""

import tensorflow as tf

from seqapp.ctc.blocks import block_recursion
from seqapp.ctc.label_probability import label_log_prob
from seqapp.ctc.lattice import IMPOSSIBLE, make_lattice, masked_log_softmax
from seqapp.ctc.passes import forward_pass, label_occupancy
from seqapp.ctc.semiring import LogSum
from seqapp.higher_derivatives import with_higher_derivatives


def forward_backward_loss(logits, logit_length, labels, label_length) -> tf.Tensor:
    """Compute the negative log-probability of each label sequence under connectionist temporal classification.

    Everything stays in the log domain, so that logits may be as sharp as they like, or -inf. Labels may be empty; a
    label that does not fit into its frames has an infinite loss and a gradient of zero, so that `tf.math.is_finite`
    of the result tells which rows cannot be aligned. NaN in a row's valid logits is a loss of NaN for that row.

    With the states s = 0..2U (blank, label 1, blank, label 2, ..., blank), their symbols l_s and y_t(k) the softmax:

        alpha_t(s) = y_t(l_s) (alpha_{t-1}(s) + alpha_{t-1}(s-1) + [l_s != blank, l_s != l_{s-2}] alpha_{t-1}(s-2))
        p          = alpha_T(2U) + alpha_T(2U - 1)
        gamma_t(s) = probability of standing in s in frame t, given the labels
        dloss / dlogit_t(k) = y_t(k) - sum_{s: l_s = k} gamma_t(s)

    Instead of a beta of its own, gamma is handed back from the end: a state shares its gamma_t among the (at most
    three) states before it as they share in its alpha_t. That takes no difference of large logarithms: for 1000
    frames the gradient is exact to 1e-4, where alpha times beta over p in float32 is to 5e-3. Second and further
    derivatives are those of `label_log_prob`, in plain operations.

    Args:
        logits: Float `[B, T, K]`, unnormalised; the blank is the last class, K - 1.
        logit_length: Int `[B]`, valid frames of each row; what stands behind them changes nothing.
        labels: Int `[B, U]`, classes in [0, K - 1), padded with anything.
        label_length: Int `[B]`.

    Returns:
        Float32 `[B]`.

    Reference: Graves et al., Connectionist temporal classification, 2006, equations 6-16.
    """

    return _loss(_recursion, logits, logit_length, labels, label_length)


def block_loss(logits, logit_length, labels, label_length) -> tf.Tensor:
    """Compute `forward_backward_loss` by `block_recursion`: few steps one after the other, where each costs launches.

    Made to be compiled with what is around, for a GPU; plain operations elsewhere, with more arithmetic than the loop.
    """
    return _loss(block_recursion, logits, logit_length, labels, label_length)


def _loss(recursion, logits, logit_length, labels, label_length):
    def compiled(logits):
        log_probs, valid = masked_log_softmax(logits, logit_length)
        log_p, occupancy = recursion(log_probs, valid, labels, label_length)
        impossible = log_p <= IMPOSSIBLE / 2

        def gradient(upstream):
            counts = (valid & ~impossible[:, tf.newaxis])[:, :, tf.newaxis]
            of_labels = occupancy()
            # The blank has what the labels leave.
            blank = 1.0 - tf.reduce_sum(of_labels, axis=-1, keepdims=True)
            difference = tf.exp(log_probs) - tf.concat([of_labels[:, :, :-1], blank], axis=-1)
            return [upstream[:, tf.newaxis, tf.newaxis] * tf.where(counts, difference, tf.zeros_like(difference))]

        return [tf.where(impossible, float("inf"), -log_p)], gradient

    def plain(logits):
        log_probs, _ = masked_log_softmax(logits, logit_length)
        integers = (tf.cast(x, tf.int32) for x in (logit_length, labels, label_length))
        return [-label_log_prob(log_probs, *integers)]

    (loss,) = with_higher_derivatives(compiled, plain)(tf.cast(logits, tf.float32))
    return loss


def _recursion(log_probs, valid, labels, label_length):
    """Run frame by frame; arguments and results are those of `block_recursion`."""
    logit_length = tf.reduce_sum(tf.cast(valid, tf.int32), axis=1)
    lattice = make_lattice(log_probs, logit_length, labels, label_length)
    forward = forward_pass(lattice, label_length, LogSum)

    def occupancy():
        return tf.einsum("tbu,buk->btk", label_occupancy(lattice, forward, LogSum), lattice.one_hot)

    return forward.log_p, occupancy
