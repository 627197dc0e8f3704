"""Simple recurrent cell (Elman network)."""

import keras
import tensorflow as tf

from seqapp.rnn.cells.recurrent_kernel_cell import RecurrentKernelCell


@keras.saving.register_keras_serializable("seqapp")
class SimpleCell(RecurrentKernelCell):
    """Simple recurrent unit.

        h_t = tanh(x_t W + h_{t-1} U + b)            the state, also the output

    Equal to `keras.layers.SimpleRNN` with the same weights.

    Args:
        units: Size H of the state.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`.

    Reference: Elman, Finding structure in time, Cognitive Science 14, 1990.
    """

    num_gates = 1

    def step(self, gates, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
        hidden = self.activate(gates + self.recur(state[0], keep))
        return hidden, [hidden]
