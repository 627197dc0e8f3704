"""Minimal gated recurrent unit (minGRU), linear in its state: made for `parallel_scan`."""

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.linear_cell import LinearCell


@keras.saving.register_keras_serializable("seqapp")
class MinGRUCell(LinearCell):
    """Minimal gated recurrent unit.

        z_t = sigmoid(x_t W_z + b_z)                    update gate: 1 takes the candidate
        n_t = x_t W_n + b_n                             candidate
        h_t = (1 - z_t) h_{t-1} + z_t n_t               the state, also the output

    Linear in h, so `execution="parallel_scan"` applies. Gates in the order z, n along the last axis.

    Args:
        units: Size H of the state.
        update_bias: Initial b_z. -1 starts with a memory of about 1 / sigmoid(-1) = 3.7 frames.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`.

    Reference: Feng et al., Were RNNs all we needed?, 2024, https://arxiv.org/abs/2410.01201, section 3.1
        (without the positivity that their log-space scan needs).
    """

    num_gates = 2

    def __init__(self, units: int, update_bias: float = -1.0, **kwargs):
        super().__init__(units, first_gate_bias=update_bias, **kwargs)
        self.update_bias = update_bias

    @staticmethod
    def linear(gates: list) -> tuple[tf.Tensor, tf.Tensor]:
        update = ops.sigmoid(gates[0])
        candidate = gates[1]
        return 1 - update, update * candidate

    def get_config(self) -> dict:
        return {**super().get_config(), "update_bias": self.update_bias}
