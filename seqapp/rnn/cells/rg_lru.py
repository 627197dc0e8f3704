"""Real-gated linear recurrent unit (RG-LRU) of Griffin."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.linear_cell import LinearCell

DECAY_SCALE = 8.0  # c of the paper: r_t = 1 decays as softplus(p) * 8
SMALLEST = 1e-12  # under the square root, whose slope is infinite at 0


@keras.saving.register_keras_serializable("seqapp")
class RGLRUCell(LinearCell):
    """Real-gated linear recurrent unit.

        r_t = sigmoid(x_t W_r + b_r)                        recurrence gate
        i_t = sigmoid(x_t W_i + b_i)                        input gate
        v_t = x_t W_v + b_v                                 what is written (the paper's x_t, which has H features)
        a_t = exp(-8 softplus(p) r_t)                       in (0, 1)
        h_t = a_t h_{t-1} + sqrt(1 - a_t^2) i_t v_t         the state, also the output

    Linear in h, so `execution="parallel_scan"` applies. Gates in the order r, i, v along the last axis.

    Args:
        units: Size H of the state.
        min_radius: Smallest initial a at r_t = 1, in (0, 1).
        max_radius: Largest one: larger remembers longer.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`.

    Reference: De et al., Griffin, 2024, https://arxiv.org/abs/2402.19427, equations 1-4.
    """

    num_gates = 3

    def __init__(self, units: int, min_radius: float = 0.9, max_radius: float = 0.999, **kwargs):
        super().__init__(units, **kwargs)
        if not 0 < min_radius < max_radius < 1:
            raise ValueError(
                f"Expected 0 < min_radius < max_radius < 1. Received: min_radius={min_radius}, max_radius={max_radius}."
            )
        self.min_radius = min_radius
        self.max_radius = max_radius

    def build(self, input_shape: tuple) -> None:
        super().build(input_shape)
        self.decay = self.add_weight((self.units,), initializer=self._initial_decay, name="decay")

    def _initial_decay(self, shape, dtype=None):
        """Return p such that a at r_t = 1 runs evenly from the smallest to the largest radius."""
        radius = np.linspace(self.min_radius, self.max_radius, shape[0])
        softplus = -np.log(radius) / DECAY_SCALE
        return ops.cast(np.log(np.expm1(softplus)), dtype)

    @property
    def parameters(self) -> list[tf.Tensor]:
        return [ops.convert_to_tensor(self.decay)]

    @staticmethod
    def linear(gates: list, decay) -> tuple[tf.Tensor, tf.Tensor]:
        r, i, v = gates
        log_a = -DECAY_SCALE * ops.softplus(ops.cast(decay, r.dtype)) * ops.sigmoid(r)
        scale = ops.sqrt(ops.maximum(-ops.expm1(2.0 * log_a), SMALLEST))
        return ops.exp(log_a), scale * ops.sigmoid(i) * v

    def get_config(self) -> dict:
        return {**super().get_config(), "min_radius": self.min_radius, "max_radius": self.max_radius}
