"""Minimal long short-term memory (minLSTM), linear in its state."""

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.linear_cell import LinearCell


@keras.saving.register_keras_serializable("seqapp")
class MinLSTMCell(LinearCell):
    """Minimal long short-term memory, its gates normalised to sum to one.

        f_t = sigmoid(x_t W_f + b_f)                                    forget gate
        i_t = sigmoid(x_t W_i + b_i)                                    input gate
        n_t = x_t W_n + b_n                                             candidate
        h_t = f_t / (f_t + i_t) h_{t-1} + i_t / (f_t + i_t) n_t         the state, also the output

    Linear in h, so `execution="parallel_scan"` applies. Gates in the order f, i, n along the last axis.

    Args:
        units: Size H of the state.
        forget_bias: Initial b_f. 1 starts with keeping somewhat more than taking.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`.

    Reference: Feng et al., Were RNNs all we needed?, 2024, https://arxiv.org/abs/2410.01201, section 3.2.
    """

    num_gates = 3

    def __init__(self, units: int, forget_bias: float = 1.0, **kwargs):
        super().__init__(units, first_gate_bias=forget_bias, **kwargs)
        self.forget_bias = forget_bias

    @staticmethod
    def linear(gates: list) -> tuple[tf.Tensor, tf.Tensor]:
        f, i, n = gates
        # f / (f + i) = sigmoid(log f - log i), which divides by nothing that may vanish.
        difference = ops.log_sigmoid(f) - ops.log_sigmoid(i)
        update = ops.sigmoid(-difference)
        return 1 - update, update * n

    def get_config(self) -> dict:
        return {**super().get_config(), "forget_bias": self.forget_bias}
