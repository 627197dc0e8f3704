"""Gated recurrent unit (GRU) in both reset conventions, with Keras's gate order."""

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.recurrent_kernel_cell import GatedCell


@keras.saving.register_keras_serializable("seqapp")
class GRUCell(GatedCell):
    """Gated recurrent unit.

        z_t = sigmoid(x_t W_z + h_{t-1} U_z + b_z)                 update gate: 1 keeps the state
        r_t = sigmoid(x_t W_r + h_{t-1} U_r + b_r)                 reset gate
        n_t = tanh(x_t W_n + b_n + r_t (h_{t-1} U_n + c_n))        reset_after=True (cuDNN, the default)
        n_t = tanh(x_t W_n + b_n + (r_t h_{t-1}) U_n)              reset_after=False (the paper)
        h_t = z_t h_{t-1} + (1 - z_t) n_t                          the state, also the output

    Equal to `keras.layers.GRU` with the same weights: gates in the order z, r, n; with `reset_after` Keras's
    bias `[2, 3*H]` is our `bias` (row 0) and `recurrent_bias` (row 1).

    Args:
        units: Size H of the state.
        reset_after: Apply the reset gate after the recurrent product.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`.

    Reference: Cho et al., Learning phrase representations, 2014, https://arxiv.org/abs/1406.1078
    """

    num_gates = 3

    def __init__(self, units: int, reset_after: bool = True, **kwargs):
        super().__init__(units, **kwargs)
        if self.layer_norm and not reset_after:
            raise ValueError(
                "layer_norm=True needs reset_after=True, where the state meets its kernel in one product. "
                "Received: reset_after=False. Leave one of the two."
            )
        self.reset_after = reset_after

    def build(self, input_shape: tuple) -> None:
        super().build(input_shape)
        self.recurrent_bias = None
        if self.reset_after and self.use_bias:
            self.recurrent_bias = self.add_weight(
                (3 * self.units,), initializer=self.bias_initializer, name="recurrent_bias", **self.rules_of("bias")
            )

    def step(self, gates, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
        step = self._step_reset_after if self.reset_after else self._step_reset_before
        return step(gates, state[0], keep)

    def _step_reset_after(self, gates, hidden, keep):
        z, r, n = ops.split(gates, 3, axis=-1)
        recurrent = self.recur(hidden, keep)
        if self.use_bias:
            recurrent = recurrent + ops.cast(self.recurrent_bias, hidden.dtype)
        recurrent_z, recurrent_r, recurrent_n = ops.split(recurrent, 3, axis=-1)
        candidate = self.activate(n + self.gate(r + recurrent_r) * recurrent_n)
        return self._interpolate(self.gate(z + recurrent_z), hidden, candidate)

    def _step_reset_before(self, gates, hidden, keep):
        z, r, n = ops.split(gates, 3, axis=-1)
        visible = hidden if keep is None else hidden * keep
        kernel = ops.cast(self.recurrent_kernel, hidden.dtype)
        gate_kernel = kernel[:, : 2 * self.units]
        candidate_kernel = kernel[:, 2 * self.units :]
        recurrent_z, recurrent_r = ops.split(ops.matmul(visible, gate_kernel), 2, axis=-1)
        reset = self.gate(r + recurrent_r)
        candidate = self.activate(n + ops.matmul(reset * visible, candidate_kernel))
        return self._interpolate(self.gate(z + recurrent_z), hidden, candidate)

    def _interpolate(self, update, hidden, candidate):
        hidden = update * hidden + (1.0 - update) * candidate
        return hidden, [hidden]

    def get_config(self) -> dict:
        return {**super().get_config(), "reset_after": self.reset_after}
