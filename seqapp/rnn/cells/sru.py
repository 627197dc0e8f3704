"""Simple recurrent unit (SRU): linear in its state, with an output gate."""

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.linear_cell import LinearCell


@keras.saving.register_keras_serializable("seqapp")
class SRUCell(LinearCell):
    """Simple recurrent unit, without the peephole of its second version.

        f_t = sigmoid(x_t W_f + b_f)                    forget gate: 1 keeps the state
        r_t = sigmoid(x_t W_r + b_r)                    output gate: 1 shows the state, 0 the input
        c_t = f_t c_{t-1} + (1 - f_t) x_t W_c           the state
        h_t = r_t c_t + (1 - r_t) x_t W_s               the output, with a highway past the memory

    Linear in c, so `execution="parallel_scan"` applies. What speaks for it under CTC: a unit must be silent for
    most frames and speak in one, and r_t can do that without emptying the memory, as the output gate of an LSTM
    can. Gates in the order f, r, c, s along the last axis; the highway has weights of its own, so F need not be H.

    Args:
        units: Size H of the state.
        forget_bias: Initial b_f. 1 starts with a memory of about 1 / sigmoid(-1) = 3.7 frames.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`.

    Reference: Lei et al., Simple recurrent units for highly parallelizable recurrence, 2018,
        https://arxiv.org/abs/1709.02755, equations 3-7 with v = 0.
    """

    num_gates = 4

    def __init__(self, units: int, forget_bias: float = 1.0, **kwargs):
        super().__init__(units, first_gate_bias=forget_bias, **kwargs)
        self.forget_bias = forget_bias

    @staticmethod
    def linear(gates: list) -> tuple[tf.Tensor, tf.Tensor]:
        f, _, c, _ = gates
        update = ops.sigmoid(-f)
        return 1 - update, update * c

    @staticmethod
    def readout(gates: list, hidden) -> tf.Tensor:
        _, r, _, s = gates
        return s + ops.sigmoid(r) * (hidden - s)

    def get_config(self) -> dict:
        return {**super().get_config(), "forget_bias": self.forget_bias}
