"""Long short-term memory (LSTM), with Keras's gate order, so that weights can be exchanged."""

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.recurrent_kernel_cell import GatedCell


@keras.saving.register_keras_serializable("seqapp")
class LSTMCell(GatedCell):
    """Long short-term memory.

        i_t, f_t, g_t, o_t = x_t W + h_{t-1} U + b                in this order along the last axis
        c_t = sigmoid(f_t) c_{t-1} + sigmoid(i_t) tanh(g_t)       the cell state
        h_t = sigmoid(o_t) tanh(c_t)                              the output and first state

    Equal to `keras.layers.LSTM` with the same weights; the states come as `[h, c]`.

    Args:
        units: Size H of each state.
        unit_forget_bias: Start the forget gate's bias at 1, after Jozefowicz et al. 2015.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`.

    Reference: Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9, 1997;
        forget gate: Gers, Schmidhuber and Cummins, 2000.
    """

    num_gates = 4
    num_states = 2

    def __init__(self, units: int, unit_forget_bias: bool = True, **kwargs):
        super().__init__(units, **kwargs)
        self.unit_forget_bias = unit_forget_bias

    def initial_bias(self, shape: tuple, dtype: str | None = None) -> tf.Tensor:
        bias = super().initial_bias(shape, dtype)
        if not self.unit_forget_bias:
            return bias
        forget = ops.ones((self.units,), dtype=dtype)
        return ops.concatenate([bias[: self.units], forget, bias[2 * self.units :]])

    def step(self, gates, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
        hidden, cell = state
        i, f, g, o = ops.split(gates + self.recur(hidden, keep), 4, axis=-1)
        cell = self.gate(f) * cell + self.gate(i) * self.activate(g)
        hidden = self.gate(o) * self.activate(cell)
        return hidden, [hidden, cell]

    def get_config(self) -> dict:
        return {**super().get_config(), "unit_forget_bias": self.unit_forget_bias}
