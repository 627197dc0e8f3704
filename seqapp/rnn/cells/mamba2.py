"""Selective state space of Mamba-2: a matrix state with a decay per head, for `chunkwise`."""

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.matrix_cell import Associations, MatrixCell


@keras.saving.register_keras_serializable("seqapp")
class Mamba2Cell(MatrixCell):
    """Selective state space model with one scalar decay per head.

        v_t, z_t, k_t, q_t, d_t = x_t W + b             value, output gate, key, query (the paper's B and C), time step
        a_t = exp(-exp(p) softplus(d_t))                per head, in (0, 1)
        S_t = a_t S_{t-1} + softplus(d_t) k_t v_t^T     the state, K x V per head
        y_t = S_t^T q_t / sqrt(K) + skip v_t
        h_t = gain RMSNorm(y_t) silu(z_t)               the output

    The same equations are linear attention with a scalar decay per head. Of the paper's block, the short convolution
    and SiLU before the memory are left to the network around it; the norm is per head and before the gate, as in gated
    linear attention.

    Args:
        units: Size H of the output, divided into heads.
        key_size: K, called the state size in the paper.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`; the state is `[B, H * K]`.

    Reference: Dao and Gu, Transformers are SSMs, 2024, https://arxiv.org/abs/2405.21060, sections 6 and 7;
        norm and gate: Yang et al., Gated linear attention transformers with hardware-efficient training, 2023,
        https://arxiv.org/abs/2312.06635, section 4.4.
    """

    num_gates = 5

    def build(self, input_shape: tuple) -> None:
        super().build(input_shape)
        self.skip = self.add_weight((self.units,), initializer="ones", name="skip")

    def associations(self, gates, keep=None) -> Associations:
        value, _, key, query, decay = self.split(gates)
        step = ops.softplus(decay)
        value = self.by_head(value if keep is None else value * keep) * step[..., tf.newaxis]
        return Associations(self.log_decay(step), key, value, query * self.key_size**-0.5)

    def readout(self, gates, recalled) -> tf.Tensor:
        value = self.split(gates)[0] * ops.cast(self.skip, gates.dtype)
        return super().readout(gates, recalled + self.by_head(value))
