"""Bidirectional recurrent layer: two layers over the same frames, one per direction."""

import keras
import tensorflow as tf

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.recurrent import Recurrent


@keras.saving.register_keras_serializable("seqapp")
class Bidirectional(keras.layers.Layer):
    """A forward and a backward `Recurrent`, their outputs side by side.

    The backward direction starts at each row's own last valid frame, never in the padding.

    Args:
        forward: A `Cell` for the forward direction.
        backward: A `Cell` for the backward direction, with weights of its own.
        execution: As for `Recurrent`, used in both directions.

    Call arguments:
        inputs: Float `[B, T, F]`.
        mask: Bool `[B, T]`, True = valid.

    Output shape: `[B, T, H_forward + H_backward]`, zero where the mask is False.

    Example:
        >>> Bidirectional(MinGRUCell(32), MinGRUCell(32))(tf.zeros([2, 50, 8])).shape
        TensorShape([2, 50, 64])

    Reference: Schuster and Paliwal, Bidirectional recurrent neural networks, 1997.
    """

    def __init__(self, forward: Cell, backward: Cell, execution: str = "auto", **kwargs):
        super().__init__(**{"dtype": forward.dtype_policy, **kwargs})
        shared = {"execution": execution, "dtype": self.dtype_policy}
        self.forward = Recurrent(forward, **shared, name="forward")
        self.backward = Recurrent(backward, **shared, go_backwards=True, name="backward")
        self.supports_masking = True

    def build(self, input_shape: tuple) -> None:
        self.forward.build(input_shape)
        self.backward.build(input_shape)
        self.built = True

    def call(self, inputs, mask=None, training: bool = False) -> tf.Tensor:
        forward, _ = self.forward.run(inputs, mask=mask, training=training)
        backward, _ = self.backward.run(inputs, mask=mask, training=training)
        return tf.concat([forward, backward], axis=-1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        size = self.forward.cell.output_size + self.backward.cell.output_size
        return (*input_shape[:-1], size)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "forward": keras.saving.serialize_keras_object(self.forward.cell),
            "backward": keras.saving.serialize_keras_object(self.backward.cell),
            "execution": self.forward.execution,
        }

    @classmethod
    def from_config(cls, config: dict) -> "Bidirectional":
        config = dict(config)
        cells = {key: keras.saving.deserialize_keras_object(config.pop(key)) for key in ("forward", "backward")}
        return cls(**cells, **config)
