"""Base classes of cells that multiply their state by a learned matrix, with and without gates."""

from collections.abc import Callable

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.cells.normalization import normalize


class RecurrentKernelCell(Cell):
    """A cell that multiplies its state by a learned matrix, and therefore must run step by step.

    Recurrent dropout hides units of h_{t-1} from that product alone: what a gate carries over is not dropped. Layer
    normalisation has a second gain, for the product with the state.

    Args:
        recurrent_initializer: Initializer of `recurrent_kernel`, `[H, G*H]`.
        activation: What stands as tanh in the equations: a function or Keras's name of one; None is the identity.
            Others than tanh run by `loop` and `unrolled` alone.
    """

    ruled_weights = ("kernel", "recurrent", "bias")

    def __init__(
        self,
        units: int,
        recurrent_initializer: str | keras.initializers.Initializer = "orthogonal",
        activation: str | Callable | None = "tanh",
        **kwargs,
    ):
        super().__init__(units, **kwargs)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.activation = keras.activations.get(activation)

    @property
    def has_default_activations(self) -> bool:
        return self.activation is keras.activations.tanh

    def activate(self, x) -> tf.Tensor:
        return ops.tanh(x) if self.activation is keras.activations.tanh else self.activation(x)

    def build(self, input_shape: tuple) -> None:
        super().build(input_shape)
        size = self.num_gates * self.units
        self.recurrent_kernel = self.add_weight(
            (self.units, size), initializer=self._initial_recurrent_kernel, name="recurrent_kernel",
            **self.rules_of("recurrent"),
        )  # fmt: skip
        if self.layer_norm:
            self.recurrent_gain = self.add_weight((size,), initializer="ones", name="recurrent_gain")

    def _initial_recurrent_kernel(self, shape, dtype=None):
        """Draw `recurrent_kernel` in float32 at least: TensorFlow has no orthogonal matrices of 16 bits."""
        is_short = keras.backend.standardize_dtype(dtype) in ("bfloat16", "float16")
        return ops.cast(self.recurrent_initializer(shape, "float32" if is_short else dtype), dtype)

    def recur(self, state, keep=None) -> tf.Tensor:
        """Multiply a state `[B, H]` by `recurrent_kernel` in the compute dtype; the product has the state's dtype."""
        visible = state if keep is None else state * keep
        product = ops.matmul(ops.cast(visible, self.compute_dtype), ops.cast(self.recurrent_kernel, self.compute_dtype))
        product = ops.cast(product, state.dtype)
        return normalize(product, self.recurrent_gain) if self.layer_norm else product

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "recurrent_initializer": keras.initializers.serialize(self.recurrent_initializer),
            "activation": keras.activations.serialize(self.activation),
        }


class GatedCell(RecurrentKernelCell):
    """A cell with a matrix for its state, and gates between 0 and 1.

    Args:
        recurrent_activation: What stands as sigmoid in the equations, the gates' activation, as `activation`.
    """

    def __init__(self, units: int, recurrent_activation: str | Callable | None = "sigmoid", **kwargs):
        super().__init__(units, **kwargs)
        self.recurrent_activation = keras.activations.get(recurrent_activation)

    @property
    def has_default_activations(self) -> bool:
        return super().has_default_activations and self.recurrent_activation is keras.activations.sigmoid

    def gate(self, x) -> tf.Tensor:
        # Keras's sigmoid hangs its argument on its result, which would keep every step alive.
        is_sigmoid = self.recurrent_activation is keras.activations.sigmoid
        return ops.sigmoid(x) if is_sigmoid else self.recurrent_activation(x)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "recurrent_activation": keras.activations.serialize(self.recurrent_activation),
        }
