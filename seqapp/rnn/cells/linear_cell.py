"""Base class of cells that are linear in their state: h_t = a_t * h_{t-1} + b_t."""

import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.cell import Cell


class LinearCell(Cell):
    """A cell with one state that obeys h_t = a_t * h_{t-1} + b_t, where a and b depend on the inputs alone.

    Its equations are two functions of the gates, a list of G tensors `[..., H]`, of one frame or of all of them:

        linear(gates, *parameters) -> a, b          each [..., H]
        readout(gates, hidden) -> output            [..., H]; the state itself unless overridden

    They belong to the class and see nothing else, so that layers of one kind share what is compiled for them.

    Recurrent dropout drops b: a unit then writes nothing into its state all along the row, and a state that was handed
    over fades as it would (Semeniuta et al., Recurrent dropout without memory loss, 2016,
    https://arxiv.org/abs/1603.05118, with one mask per sequence).

    Args:
        first_gate_bias: Initial bias of the first gate; `bias_initializer` is added.
    """

    is_linear = True
    is_complex = False  # True where h, a and b are complex; states and outputs are real

    def __init__(self, units: int, first_gate_bias: float = 0.0, **kwargs):
        super().__init__(units, **kwargs)
        self.first_gate_bias = first_gate_bias

    def initial_bias(self, shape: tuple, dtype: str | None = None) -> tf.Tensor:
        bias = super().initial_bias(shape, dtype)
        return ops.concatenate([bias[: self.units] + self.first_gate_bias, bias[self.units :]])

    @property
    def parameters(self) -> list[tf.Tensor]:
        """Tensors that `linear` needs beside the gates."""
        return []

    @staticmethod
    def linear(gates: list, *parameters) -> tuple[tf.Tensor, tf.Tensor]:
        raise NotImplementedError("A LinearCell must define linear(gates, *parameters).")

    @staticmethod
    def readout(gates: list, hidden) -> tf.Tensor:
        return hidden

    @staticmethod
    def hidden_of(state: list) -> tf.Tensor:
        """Return h `[B, H]` of the list of states."""
        return state[0]

    @staticmethod
    def state_of(hidden, dtype) -> list[tf.Tensor]:
        """Return the list of states of h `[B, H]`."""
        return [hidden]

    def step(self, gates, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
        gates = ops.split(gates, self.num_gates, axis=-1)
        a, b = self.linear(gates, *self.parameters)
        hidden = a * state[0] + (b if keep is None else b * keep)
        return self.readout(gates, hidden), [hidden]
