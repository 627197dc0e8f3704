"""cuDNN execution: NVIDIA's kernels for LSTM and GRU, on a GPU."""

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell, equations_of
from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.lstm import LSTMCell
from seqapp.rnn.execution.loop import loop

MODES = {LSTMCell: "lstm", GRUCell: "gru"}
GATE_ORDER = {"lstm": (0, 1, 2, 3), "gru": (1, 0, 2)}  # cuDNN's GRU has its reset gate before its update gate


def can_use_cudnn(cell: Cell) -> bool:
    """Tell whether cuDNN can run the cell: its equations, nothing between product and gate, and its dtype.

    It has no bfloat16; cells that compute in it run in float32 there, more exactly than they would elsewhere.
    """
    is_known = equations_of(cell) in MODES and getattr(cell, "reset_after", True)
    is_known = is_known and cell.has_default_activations and not cell.layer_norm
    return is_known and cell.compute_dtype in ("float16", "bfloat16", "float32")


def cudnn(cell: Cell, sequences, mask, initial_state: list, reverse: bool = False) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a cell by one call of cuDNN. Unlike the other executions it projects the inputs itself.

    cuDNN takes lengths, not masks, and wants a frame in every row. Rows without any keep their state. A mask with
    holes, or no frame at all, is only found out about while the graph runs, and goes to `loop`.

    Args:
        cell: An `LSTMCell` or `GRUCell` for which `can_use_cudnn` is true.
        sequences: Float `[B, T, F]` in the compute dtype.
        mask: Bool `[B, T]`.
        initial_state: List of float `[B, H]`.
        reverse: Read from the last valid frame to the first.

    Returns:
        As `loop`.

    Reference: Appleyard et al., Optimizing performance of recurrent neural networks on GPUs, 2016,
        https://arxiv.org/abs/1604.01946; weights in the order of cuDNN's cudnnGetRNNWeightParams.
    """
    lengths = tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)
    num_frames = tf.shape(mask)[1]
    is_plain = tf.reduce_all(mask == tf.sequence_mask(lengths, num_frames)) & (num_frames > 0)

    def by_cudnn():
        return _call(cell, sequences, mask, lengths, initial_state, reverse)

    def by_loop():
        gates = tf.cast(cell.project(sequences), cell.variable_dtype)
        outputs, state = loop(cell, gates, mask, initial_state, reverse)
        return [outputs, *state]

    outputs, *state = tf.cond(is_plain, by_cudnn, by_loop)
    return outputs, state


def _call(cell, sequences, mask, lengths, initial_state, reverse):
    some = tf.maximum(lengths, 1)
    sequences = tf.cast(sequences, _kernel_dtype(cell))
    if reverse:
        sequences = tf.reverse_sequence(sequences, some, seq_axis=1)
    # A layer of one direction; batch-major, cuDNN's axis of layers comes second.
    hidden, *memory = [tf.cast(s, sequences.dtype)[:, tf.newaxis] for s in initial_state]
    mode = MODES[equations_of(cell)]
    outputs, hidden, memory, *_ = tf.raw_ops.CudnnRNNV3(
        input=sequences, input_h=hidden, input_c=memory[0] if memory else tf.zeros([], sequences.dtype),
        params=flat_weights(cell), sequence_lengths=some, rnn_mode=mode, time_major=False, is_training=True,
    )  # fmt: skip
    if reverse:
        outputs = tf.reverse_sequence(outputs, some, seq_axis=1)
    outputs = tf.where(mask[:, :, tf.newaxis], outputs, tf.zeros_like(outputs))
    final_state = [hidden, memory][: len(initial_state)]
    state = [
        tf.where(lengths[:, tf.newaxis] > 0, tf.cast(new[:, 0], old.dtype), old)
        for new, old in zip(final_state, initial_state)
    ]
    return [tf.cast(outputs, cell.variable_dtype), *state]


def flat_weights(cell: Cell) -> tf.Tensor:
    """Flatten all weights to `[P]` in cuDNN's order: matrices `[H, F]`, then `[H, H]`, then a bias for each."""
    order = GATE_ORDER[MODES[equations_of(cell)]]
    dtype = _kernel_dtype(cell)
    zeros = tf.zeros([cell.num_gates * cell.units], dtype)
    biases = [cell.bias, getattr(cell, "recurrent_bias", None)]
    # Keras may have cast some of them already, to the dtype that the layer computes in.
    biases = [zeros if bias is None else tf.cast(tf.convert_to_tensor(bias), dtype) for bias in biases]
    parts = []
    for weight in (cell.kernel, cell.recurrent_kernel):
        gates = tf.split(tf.cast(tf.convert_to_tensor(weight), dtype), cell.num_gates, axis=1)
        parts += [tf.transpose(gates[k]) for k in order]
    for bias in biases:
        gates = tf.split(bias, cell.num_gates)
        parts += [gates[k] for k in order]
    return tf.concat([tf.reshape(p, [-1]) for p in parts], axis=0)


def _kernel_dtype(cell):
    return "float32" if cell.compute_dtype == "bfloat16" else cell.compute_dtype
