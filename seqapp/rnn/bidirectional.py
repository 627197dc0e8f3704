"""Bidirectional recurrent layer: two layers over the same frames, one per direction."""

import keras
import tensorflow as tf

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.recurrent import Recurrent

MERGES = {
    "concat": lambda forward, backward: tf.concat([forward, backward], axis=-1),
    "sum": lambda forward, backward: forward + backward,
    "ave": lambda forward, backward: (forward + backward) / 2,
    "mul": lambda forward, backward: forward * backward,
    None: lambda forward, backward: (forward, backward),
}


@keras.saving.register_keras_serializable("seqapp")
class Bidirectional(keras.layers.Layer):
    """A forward and a backward `Recurrent`, their outputs side by side.

    The backward direction starts at each row's own last valid frame, never in the padding.

    Args:
        forward: A `Cell` for the forward direction.
        backward: A `Cell` for the backward direction, with weights of its own.
        execution: As for `Recurrent`, used in both directions.
        merge_mode: `"concat"`, `"sum"`, `"ave"`, `"mul"`, or None for a tuple of both outputs.
        return_sequences: Return the outputs of all frames instead of the last one that each direction reads.
        return_state: Return the final states behind the outputs, the forward ones first.

    Call arguments:
        inputs: Float `[B, T, F]`.
        initial_state: List of float `[B, H]`, the forward ones first; zeros by default.
        mask: Bool `[B, T]`, True = valid.

    Output shape: `[B, T, H_forward + H_backward]`, zero where the mask is False; `[B, T, H]` unless concatenated;
        without T where no sequences are returned.

    Example:
        >>> Bidirectional(MinGRUCell(32), MinGRUCell(32))(tf.zeros([2, 50, 8])).shape
        TensorShape([2, 50, 64])

    Reference: Schuster and Paliwal, Bidirectional recurrent neural networks, 1997.
    """

    def __init__(
        self,
        forward: Cell,
        backward: Cell,
        execution: str = "auto",
        merge_mode: str | None = "concat",
        return_sequences: bool = True,
        return_state: bool = False,
        **kwargs,
    ):
        if merge_mode not in MERGES:
            raise ValueError(f"merge_mode must be one of {', '.join(map(str, MERGES))}. Received: {merge_mode!r}.")
        if merge_mode in ("sum", "ave", "mul") and forward.output_size != backward.output_size:
            raise ValueError(
                f"merge_mode={merge_mode!r} needs cells of one size. Received: {forward.output_size} units forward, "
                f"{backward.output_size} backward. Give both the same units, or merge_mode='concat'."
            )
        # Not cast by Keras, which would round initial states to the compute dtype.
        super().__init__(autocast=False, **{"dtype": forward.dtype_policy, **kwargs})
        shared = {"execution": execution, "dtype": self.dtype_policy, "return_sequences": return_sequences}
        self.forward = Recurrent(forward, **shared, name="forward")
        self.backward = Recurrent(backward, **shared, go_backwards=True, name="backward")
        self.merge_mode = merge_mode
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.supports_masking = True

    def build(self, inputs_shape: tuple, initial_state_shape: tuple | None = None) -> None:
        self.forward.build(inputs_shape)
        self.backward.build(inputs_shape)
        self.built = True

    def call(self, inputs, initial_state=None, mask=None, training: bool = False) -> tf.Tensor | tuple[tf.Tensor, ...]:
        first, second = self._split(initial_state)
        forward, forward_state = self.forward.run(inputs, first, mask, training)
        backward, backward_state = self.backward.run(inputs, second, mask, training)
        if not self.return_sequences:
            forward = self.forward.last_read(forward, mask)
            backward = self.backward.last_read(backward, mask)
        outputs = MERGES[self.merge_mode](forward, backward)
        if not self.return_state:
            return outputs
        return (*_as_tuple(outputs, self.merge_mode), *forward_state, *backward_state)

    def _split(self, initial_state):
        """Split a list of states into those of the two directions."""
        if initial_state is None:
            return None, None
        num_forward = self.forward.cell.num_states
        expected = num_forward + self.backward.cell.num_states
        received = len(initial_state) if isinstance(initial_state, (list, tuple)) else "a tensor"
        if received != expected:
            raise ValueError(
                f"initial_state must be a list of {expected} states, the forward ones first. "
                f"Received: {received}. Leave it out to start from zeros."
            )
        return list(initial_state[:num_forward]), list(initial_state[num_forward:])

    def compute_mask(self, inputs, mask=None, **kwargs):
        output_mask = mask if self.return_sequences else None
        num_outputs = 2 if self.merge_mode is None else 1
        if not self.return_state:
            return output_mask if num_outputs == 1 else [output_mask] * num_outputs
        num_states = self.forward.cell.num_states + self.backward.cell.num_states
        return [output_mask] * num_outputs + [None] * num_states

    def compute_output_spec(self, inputs, initial_state=None, mask=None, training: bool = False):
        shapes = self.compute_output_shape(inputs.shape)
        if not (self.return_state or self.merge_mode is None):
            return keras.KerasTensor(shapes, dtype=self.compute_dtype)
        num_outputs = 2 if self.merge_mode is None else 1
        dtypes = [self.compute_dtype] * num_outputs
        dtypes += [self.forward.cell.variable_dtype] * (len(shapes) - num_outputs)
        return tuple(keras.KerasTensor(shape, dtype=dtype) for shape, dtype in zip(shapes, dtypes))

    def compute_output_shape(self, inputs_shape: tuple, initial_state_shape: tuple | None = None) -> tuple:
        frames = tuple(inputs_shape[:-1]) if self.return_sequences else (inputs_shape[0],)
        sizes = [direction.cell.output_size for direction in (self.forward, self.backward)]
        if self.merge_mode is None:
            outputs = tuple((*frames, size) for size in sizes)
        else:
            outputs = (*frames, sum(sizes) if self.merge_mode == "concat" else sizes[0])
        if not self.return_state:
            return outputs
        states = [(inputs_shape[0], size) for each in (self.forward, self.backward) for size in each.cell.state_size]
        return (*_as_tuple(outputs, self.merge_mode), *states)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "forward": keras.saving.serialize_keras_object(self.forward.cell),
            "backward": keras.saving.serialize_keras_object(self.backward.cell),
            "execution": self.forward.execution,
            "merge_mode": self.merge_mode,
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
        }

    @classmethod
    def from_config(cls, config: dict) -> "Bidirectional":
        config = dict(config)
        cells = {key: keras.saving.deserialize_keras_object(config.pop(key)) for key in ("forward", "backward")}
        return cls(**cells, **config)


def _as_tuple(outputs, merge_mode):
    return outputs if merge_mode is None else (outputs,)
