"""Recurrent layer for Keras: any cell, any execution, one meaning."""

import keras
import tensorflow as tf

from seqapp.rnn.cells import Cell
from seqapp.rnn.execution import choose, cudnn, inference
from seqapp.rnn.execution.padding import zero_padding
from seqapp.rnn.execution.stream import can_stream, stream


@keras.saving.register_keras_serializable("seqapp")
class Recurrent(keras.layers.Layer):
    """A recurrent layer: WHAT is computed is the cell's, HOW it is run over time the execution's.

    All executions give equal outputs, states and gradients; they differ in speed and in what they allow.

    Args:
        cell: A `Cell`, for example `LSTMCell(128)`.
        execution: `"auto"`, `"loop"`, `"unrolled"` (known T), `"parallel_scan"` (cells linear in their state),
            `"chunkwise"` (cells with a matrix for a state), `"fused"` (compiled, fastest where cells train on a CPU),
            `"inference"` (plain operations, fastest forward on a CPU) or `"cudnn"` (LSTM and GRU on a GPU);
            `seqapp.rnn.execution.legal_executions(cell)` lists those of a cell.
        return_sequences: Return the outputs of all frames instead of the last one read.
        return_state: Return the final states behind the outputs, to be passed on as `initial_state`.
        go_backwards: Read each row from its last valid frame to its first. As in Keras the output stands in
            reading order, that is reversed in time (`keras.layers.Bidirectional` flips it back).
        zero_output_for_mask: Outputs are zero where the mask is False. If False, they repeat the output read before, as
            Keras's layers do by default; zeros where there is none.

    Call arguments:
        inputs: Float `[B, T, F]`.
        initial_state: List of float `[B, size]`, sizes as in `cell.state_size`, H for most; zeros by default.
        mask: Bool `[B, T]`, True = valid; every frame by default. Padding may hold anything, NaN included.

    Output shape: `[B, T, H]`, or `[B, H]` without `return_sequences`; with `return_state` a list with the states.

    Masking: Outputs are zero and the state is held where the mask is False. The mask is passed on, reversed in
        time where the outputs are.

    Example:
        >>> layer = Recurrent(MinGRUCell(32), return_state=True)
        >>> outputs, state = layer(tf.zeros([2, 50, 8]))
        >>> outputs.shape, state.shape
        (TensorShape([2, 50, 32]), TensorShape([2, 32]))
    """

    # keras.layers.Bidirectional asks for both; our state is explicit: return_state and initial_state.
    stateful = False
    states = None

    def __init__(
        self,
        cell: Cell,
        execution: str = "auto",
        return_sequences: bool = True,
        return_state: bool = False,
        go_backwards: bool = False,
        zero_output_for_mask: bool = True,
        **kwargs,
    ):
        if not isinstance(cell, Cell):
            raise ValueError(
                f"cell must be a Cell of seqapp.rnn.cells. Received: {cell!r}. Give for example LSTMCell(128); a stack "
                "is one layer a cell, and keras.layers.RNN runs Keras's own cells."
            )
        if kwargs.pop("stateful", False):
            raise ValueError(
                "stateful=True keeps a state that nobody sees. Expected: an explicit one. "
                "Use return_state=True, and pass what comes back as initial_state; seqapp.rnn.keras_layers has Keras's."
            )
        # Not cast by Keras, which would round the initial state to the compute dtype.
        super().__init__(autocast=False, **{"dtype": cell.dtype_policy, **kwargs})
        if (self.compute_dtype, self.variable_dtype) != (cell.compute_dtype, cell.variable_dtype):
            raise ValueError(
                f"Layer and cell must have one dtype. Received: {self.dtype_policy.name} for the layer, and a "
                f"{type(cell).__name__} of {cell.dtype_policy.name}. Give dtype= to the cell; the layer follows."
            )
        self.cell = cell
        self.execution = execution
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.zero_output_for_mask = zero_output_for_mask
        self.supports_masking = True
        self.input_spec = keras.layers.InputSpec(ndim=3)
        choose(execution, cell)

    def build(self, sequences_shape: tuple, initial_state_shape: tuple | None = None) -> None:
        if not self.cell.built:
            self.cell.build((sequences_shape[0], sequences_shape[-1]))
        self.input_spec = keras.layers.InputSpec(ndim=3, axes={-1: sequences_shape[-1]})
        self.built = True

    def get_initial_state(self, batch_size) -> list[tf.Tensor]:
        return self.cell.get_initial_state(batch_size)

    def call(
        self, sequences, initial_state=None, mask=None, training: bool = False
    ) -> tf.Tensor | tuple[tf.Tensor, ...]:
        outputs, state = self.run(sequences, initial_state, mask, training)
        return self._results(outputs, state, mask)

    def _results(self, outputs, state, mask):
        arrange = self._in_reading_order if self.return_sequences else self.last_read
        outputs = arrange(outputs, mask)
        return (outputs, *state) if self.return_state else outputs

    def _in_reading_order(self, outputs, mask):
        """Return outputs `[B, T, H]` in the order in which they were read."""
        outputs = tf.reverse(outputs, [1]) if self.go_backwards else outputs
        if mask is None or self.zero_output_for_mask:
            return outputs
        mask = tf.cast(mask, tf.bool)
        return _repeat_last(outputs, tf.reverse(mask, [1]) if self.go_backwards else mask)

    def last_read(self, outputs, mask):
        """Return the output `[B, H]` of the valid frame read last in each row; zeros where there is none."""
        if mask is None:
            mask = tf.ones(tf.shape(outputs)[:2], tf.bool)
        frame = tf.range(1, tf.shape(outputs)[1] + 1)
        rank = frame[::-1] if self.go_backwards else frame
        rank = tf.where(mask, rank, 0)
        is_last = (rank == tf.reduce_max(rank, axis=1, keepdims=True)) & mask
        return tf.reduce_sum(tf.where(tf.expand_dims(is_last, 2), outputs, tf.zeros_like(outputs)), axis=1)

    def run(
        self, sequences, initial_state=None, mask=None, training: bool = False, is_stream: bool = False
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Return outputs `[B, T, H]` at their own frames, whatever the direction, and the list of final states.

        Arguments are those of a call; is_stream: sequences are chunks of longer ones, mostly short.
        """
        if isinstance(sequences, tf.RaggedTensor):
            raise ValueError(
                "Expected a dense tensor [B, T, F]. Received: a ragged one. "
                "Give sequences.to_tensor() and mask=tf.sequence_mask(sequences.row_lengths())."
            )
        sequences = tf.cast(sequences, self.compute_dtype)
        # What is known is said as a number: LiteRT holds no list of tensors of unknown size.
        batch_size = tf.shape(sequences)[0] if sequences.shape[0] is None else sequences.shape[0]
        execution = choose(self.execution, self.cell, training, sequences.shape[1], sequences.shape[0], is_stream)
        if mask is not None:
            mask = tf.cast(mask, tf.bool)
            _check_shape("mask", mask, sequences.shape[:2], "Give one bool a frame, True = valid")
            # Masking outputs is not enough: NaN in padding would reach the weights' gradients through the product.
            zero = zero_padding if execution is inference else _zero_padding_always
            sequences = zero(sequences, mask)
        sequences = self.cell.drop_inputs(sequences, training)
        state = [tf.cast(s, self.cell.variable_dtype) for s in self._state_list(initial_state, batch_size)]
        for part, size in zip(state, self.cell.state_size):
            remedy = "layer.get_initial_state(batch_size) gives zeros"
            _check_shape("initial_state", part, [sequences.shape[0], size], remedy)
        outputs, state = self._execute(execution, sequences, mask, state, training)
        outputs.set_shape([sequences.shape[0], sequences.shape[1], self.cell.output_size])
        return tf.cast(outputs, self.compute_dtype), state

    def stream_step(self, sequences, lengths, final, state: list) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Run one chunk of a stream forward. Inference only.

        Args:
            sequences: Float `[B, T, F]`, finite also behind the valid frames. T may be unknown or 0.
            lengths: Int32 `[B]`, valid frames, 0..T.
            final: Bool `[B]`, True where this chunk ends the row's sequence: its state is zero thereafter.
            state: List of float `[B, size]`, from `get_initial_state` or the last step.

        Returns:
            outputs: Float `[B, T, H]`; what stands behind the valid frames is finite, no more.
            state: For the next chunk.
        """
        if self.execution == "auto" and not self.go_backwards and can_stream(self.cell, sequences.shape[1]):
            sequences = tf.cast(sequences, self.compute_dtype)
            outputs, state = stream(
                self.cell, sequences, lengths, [tf.cast(s, self.cell.variable_dtype) for s in state]
            )
            outputs = tf.cast(outputs, self.compute_dtype)
        else:
            mask = tf.sequence_mask(lengths, tf.shape(sequences)[1])
            outputs, state = self.run(sequences, state, mask, is_stream=True)
        return outputs, [tf.compat.v1.where(final, tf.zeros_like(s), s) for s in state]

    def _execute(self, execution, sequences, mask, state, training):
        keep = self.cell.recurrent_keep(tf.shape(sequences)[0], training)
        if execution is inference:
            return inference(self.cell, sequences, mask, state, self.go_backwards, keep)
        mask = _all_valid(sequences) if mask is None else mask
        if execution is cudnn:
            return cudnn(self.cell, sequences, mask, state, self.go_backwards)
        gates = tf.cast(self.cell.project(sequences), self.cell.variable_dtype)
        return execution(self.cell, gates, mask, state, self.go_backwards, keep)

    def _state_list(self, initial_state, batch_size):
        if initial_state is None:
            return self.get_initial_state(batch_size)
        state = list(initial_state) if isinstance(initial_state, (list, tuple)) else [initial_state]
        expected = len(self.cell.state_size)
        if len(state) != expected:
            raise ValueError(
                f"{type(self.cell).__name__} needs {expected} initial state(s) of {self.cell.state_size[0]} numbers. "
                f"Received: {len(state)}. Pass initial_state=layer.get_initial_state(batch_size) to start from zeros."
            )
        return state

    def compute_mask(self, sequences, mask=None, **kwargs):
        output_mask = mask if self.return_sequences else None
        if output_mask is not None and self.go_backwards:
            output_mask = keras.ops.flip(output_mask, axis=1)  # as the outputs are
        return [output_mask] + [None] * len(self.cell.state_size) if self.return_state else output_mask

    def compute_output_spec(
        self, sequences, initial_state=None, mask=None, training: bool = False
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, ...]:
        shapes = self.compute_output_shape(sequences.shape)
        if not self.return_state:
            return keras.KerasTensor(shapes, dtype=self.compute_dtype)
        dtypes = [self.compute_dtype] + [self.cell.variable_dtype] * len(self.cell.state_size)
        return tuple(keras.KerasTensor(shape, dtype=dtype) for shape, dtype in zip(shapes, dtypes))

    def compute_output_shape(self, sequences_shape: tuple, initial_state_shape: tuple | None = None) -> tuple:
        batch_size, num_frames = sequences_shape[:2]
        state_shapes = [(batch_size, size) for size in self.cell.state_size]
        frames = (batch_size, num_frames, self.cell.output_size)
        output_shape = frames if self.return_sequences else (batch_size, self.cell.output_size)
        return (output_shape, *state_shapes) if self.return_state else output_shape

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "cell": keras.saving.serialize_keras_object(self.cell),
            "execution": self.execution,
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "zero_output_for_mask": self.zero_output_for_mask,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "Recurrent":
        config = dict(config)
        cell = keras.saving.deserialize_keras_object(config.pop("cell"), custom_objects=custom_objects)
        return cls(cell, **config)


def _zero_padding_always(sequences, mask):
    """Zero sequences where the mask is False without asking first, which costs a stream of single frames more."""
    return tf.where(mask[:, :, tf.newaxis], sequences, tf.zeros_like(sequences))


def _all_valid(sequences):
    """Return a mask `[B, T]` that is True everywhere, of the size that is known."""
    batch_size = tf.shape(sequences)[0] if sequences.shape[0] is None else sequences.shape[0]
    mask = tf.ones([batch_size, tf.shape(sequences)[1]], tf.bool)
    mask.set_shape(sequences.shape[:2])
    return mask


def _repeat_last(outputs, mask):
    """Repeat the last valid one of outputs `[B, T, H]` where the mask `[B, T]` is False; zeros where there is none."""
    num_valid = tf.cumsum(tf.cast(mask, tf.int32), axis=1)
    valid_first = tf.argsort(tf.cast(~mask, tf.int32), axis=1, stable=True)
    last_valid = tf.gather(valid_first, tf.maximum(num_valid - 1, 0), axis=1, batch_dims=1)
    repeated = tf.gather(outputs, last_valid, axis=1, batch_dims=1)
    return tf.where(num_valid[:, :, tf.newaxis] > 0, repeated, tf.zeros_like(repeated))


def _check_shape(name, tensor, expected, remedy):
    """Refuse a wrong shape by name; unknown dimensions fit anything."""
    if not tensor.shape.is_compatible_with(expected):
        raise ValueError(f"{name} must have the shape {list(expected)}. Received: {list(tensor.shape)}. {remedy}.")
