"""Gated delta rule (Gated DeltaNet): a matrix state that corrects what it holds under a key, for `chunkwise`."""

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.matrix_cell import Associations, MatrixCell, normalized

SMALLEST = 1e-6  # added to squared lengths of keys


@keras.saving.register_keras_serializable("seqapp")
class GatedDeltaCell(MatrixCell):
    """Gated delta rule.

        v_t, z_t, k_t, q_t, d_t, b_t = x_t W + b        value, output gate; key and query, each then of length 1
        a_t = exp(-exp(p) softplus(d_t))                per head, in (0, 1): how much of the memory stays
        s_t = sigmoid(b_t)                              per head: how much of the value under the key is replaced
        S_t = a_t S_{t-1} + s_t k_t (v_t - a_t S_{t-1}^T k_t)^T         the state, K x V per head
        h_t = gain RMSNorm(S_t^T q_t) silu(z_t)         the output

    Keys have length 1 and s lies in (0, 1), so that a frame shrinks the memory under its key and never turns it round.
    Of the paper's block, the short convolution and SiLU before the memory are left to the network around it.

    Args:
        units: Size H of the output, divided into heads.
        key_size: K, numbers in a key.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`; the state is `[B, H * K]`.

    Reference: Yang, Kautz and Hatamizadeh, Gated delta networks: improving Mamba2 with delta rule, 2024,
        https://arxiv.org/abs/2412.06464, section 3.
    """

    num_gates = 6

    def associations(self, gates, keep=None) -> Associations:
        value, _, key, query, decay, strength = self.split(gates)
        value = self.by_head(value if keep is None else value * keep)
        log_decay = self.log_decay(ops.softplus(decay))
        return Associations(log_decay, _unit(key), value, _unit(query), ops.sigmoid(strength))


def _unit(x):
    """Scale `[..., K]` to length 1."""
    return normalized(x, tf.reduce_sum, SMALLEST)
