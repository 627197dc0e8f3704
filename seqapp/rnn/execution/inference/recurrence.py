"""Inference of LSTM, GRU and simple cells: one product per gate, several frames per turn of the loop."""

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell, equations_of
from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.lstm import LSTMCell
from seqapp.rnn.cells.simple import SimpleCell
from seqapp.rnn.execution.inference.gate_products import columns, product
from seqapp.rnn.execution.padding import zero_padding

FRAMES = 8  # of a turn of the loop; 16 were no faster by more than the noise, and are twice the graph


def infer_recurrence(
    cell: Cell, sequences, mask, initial_state: list, reverse: bool, keep
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run an LSTM, GRU or simple cell. Arguments and results are those of `inference`.

    The equations are those of `loop`, in the same order of operations. What is saved:

    - The product of a state and the columns of one gate is small enough for TensorFlow to leave it to one thread, and
      those of several gates run side by side. The product with all columns is shared out, and the kernel packed anew.
    - Inputs are projected inside of the loop: gates stay in the processor's cache, and are never written to memory.
    - One turn of the loop, with its bookkeeping, is FRAMES frames. What is left over follows one by one.
    - Nothing is selected where there is no mask.
    """
    frames = _Frames(sequences, mask)
    parts = [_Blocks(cell, frames, reverse, keep), _Rest(cell, frames, keep)]
    outputs = tf.TensorArray(cell.variable_dtype, frames.count + 1, element_shape=[sequences.shape[0], cell.units])
    # One more than there are frames: TensorArray cannot stack nothing (T = 0).
    outputs, state = outputs.write(frames.count, tf.zeros_like(initial_state[0])), list(initial_state)
    for part in parts[::-1] if reverse else parts:
        outputs, state = _repeat(part, reverse, outputs, state)
    outputs = tf.transpose(outputs.stack()[:-1], [1, 0, 2])
    return outputs if mask is None else zero_padding(outputs, mask), state


def _repeat(part, reverse, outputs, state):
    """Take all turns of a part, the last one first if `reverse`."""

    def body(k, outputs, state):
        return k + 1, *part.advance(part.num_turns - 1 - k if reverse else k, outputs, state)

    # XLA needs maximum_iterations to size the stacks that the gradient reads, and cannot write to one of no size.
    most = tf.maximum(part.num_turns, 1)
    _, outputs, state = tf.while_loop(
        lambda k, *_: k < part.num_turns, body, (0, outputs, state), maximum_iterations=most
    )
    return outputs, state


class _Frames:
    """Inputs and mask with time first, in pieces for a TensorArray, which are never none.

    Args:
        sequences: Float `[B, T, F]`.
        mask: Bool `[B, T]` or None.

    Attributes:
        count: Int32 `[]`, T.
        num_rows: Int32 `[]`, B.
        num_blocks: Int32 `[]`, how many blocks of FRAMES are filled.
    """

    def __init__(self, sequences, mask):
        self.count = tf.shape(sequences)[1]
        self.num_rows = tf.shape(sequences)[0]
        self.num_blocks = self.count // FRAMES
        self._tensors = [_time_first(sequences), None if mask is None else _time_first(mask)]

    def blocks(self) -> list:
        """Return TensorArrays of inputs `[FRAMES, B, F]` and mask `[FRAMES, B]` or None, those of filled blocks."""
        return [x if x is None else self._blocks_of(x) for x in self._tensors]

    def rest(self) -> list:
        """Return TensorArrays of inputs `[B, F]` and mask `[B]` or None, of the frames that fill no block."""
        return [x if x is None else self._rest_of(x) for x in self._tensors]

    def _blocks_of(self, x):
        number = tf.maximum(self.num_blocks, 1)
        # What is long enough goes through all of this without a copy.
        filled = _at_least_a_block(x)[: FRAMES * number]
        blocks = tf.reshape(filled, tf.concat([[number, FRAMES], tf.shape(x)[1:]], axis=0))
        return tf.TensorArray(x.dtype, number, element_shape=[FRAMES, *x.shape[1:]]).unstack(blocks)

    def _rest_of(self, x):
        rest = _at_least_a_block(x[FRAMES * self.num_blocks :])
        return tf.TensorArray(x.dtype, FRAMES, element_shape=x.shape[1:]).unstack(rest)


def _time_first(x):
    """Return `[B, T, ...]` as `[T, B, ...]`."""
    return tf.transpose(x, [1, 0, *range(2, x.shape.rank)])


def _at_least_a_block(x):
    """Append zeros to `[T, B, ...]` where T is less than FRAMES."""
    missing = tf.maximum(FRAMES - tf.shape(x)[0], 0)
    return tf.pad(x, [[0, missing], *[[0, 0]] * (x.shape.rank - 1)])


class _Blocks:
    """The frames that fill blocks, a block a turn. Arguments are those of `inference`, and `_Frames`."""

    def __init__(self, cell, frames, reverse, keep):
        self.num_turns = frames.num_blocks
        self._inputs, self._mask = frames.blocks()
        self._cell, self._keep = cell, keep
        self._order = range(FRAMES)[::-1] if reverse else range(FRAMES)
        self._kernels = columns(cell, cell.kernel, cell.compute_dtype)
        self._recurrent_kernels = columns(cell, cell.recurrent_kernel, cell.compute_dtype)
        self._biases = columns(cell, cell.bias, cell.compute_dtype)
        biases = columns(cell, getattr(cell, "recurrent_bias", None), cell.variable_dtype)
        # One per row: a product with a bias for all rows is one operation, which threads wait for each other in.
        shape = [frames.num_rows, cell.units]
        self._recurrent_biases = [x if x is None else tf.broadcast_to(x, shape) for x in biases]

    def advance(self, k, outputs, state):
        """Run block k: write its outputs, return them and the state."""
        gates = self._project(self._inputs.read(k))
        valid = [None] * FRAMES if self._mask is None else tf.unstack(self._mask.read(k))
        step = STEPS[equations_of(self._cell)]
        for t in self._order:
            state = _held(valid[t], step(gates[t], self._recur(state[0]), state), state)
            outputs = outputs.write(FRAMES * k + t, state[0])
        return outputs, state

    def _project(self, block):
        """Project `[FRAMES, B, F]`; return a list of one `[B, H]` per gate for each frame."""
        rows = tf.reshape(block, [-1, block.shape[-1]])
        gates = [product(rows, *weights) for weights in zip(self._kernels, self._biases)]
        return list(zip(*(tf.split(tf.cast(x, self._cell.variable_dtype), FRAMES) for x in gates)))

    def _recur(self, hidden):
        """Return what a state `[B, H]` adds to each gate, `[B, H]`."""
        visible = hidden if self._keep is None else hidden * self._keep
        visible = tf.cast(visible, self._cell.compute_dtype)
        products = [tf.cast(tf.matmul(visible, kernel), hidden.dtype) for kernel in self._recurrent_kernels]
        return [x if bias is None else x + bias for x, bias in zip(products, self._recurrent_biases)]


class _Rest:
    """The frames that fill no block, one a turn, by the cell's own step."""

    def __init__(self, cell, frames, keep):
        self.num_turns = frames.count % FRAMES
        self._inputs, self._mask = frames.rest()
        self._first = FRAMES * frames.num_blocks
        self._cell, self._keep = cell, keep

    def advance(self, k, outputs, state):
        """Run the k-th frame of the rest, as `_Blocks.advance`."""
        gates = tf.cast(self._cell.project(self._inputs.read(k)), self._cell.variable_dtype)
        _, new_state = self._cell.step(gates, state, self._keep)
        state = _held(None if self._mask is None else self._mask.read(k), new_state, state)
        return outputs.write(self._first + k, state[0]), state


def _held(valid, new_state, state):
    """Return the new state in rows where `valid` `[B]` is True, else the old one; None: new in all rows."""
    if valid is None:
        return new_state
    # The old operation of this name: rows by a vector. The new one broadcasts, and takes twice as long.
    return [tf.compat.v1.where(valid, new, old) for new, old in zip(new_state, state)]


def _lstm(gates, recurrent, state):
    i, f, g, o = (x + y for x, y in zip(gates, recurrent))
    cell = tf.sigmoid(f) * state[1] + tf.sigmoid(i) * tf.tanh(g)
    return [tf.sigmoid(o) * tf.tanh(cell), cell]


def _gru(gates, recurrent, state):
    z, r = (tf.sigmoid(x + y) for x, y in zip(gates[:2], recurrent[:2]))
    n = tf.tanh(gates[2] + r * recurrent[2])
    return [z * state[0] + (1.0 - z) * n]


def _simple(gates, recurrent, state):
    return [tf.tanh(gates[0] + recurrent[0])]


# One step: G gates and what the state adds to each, float `[B, H]`, and the state to the next state.
STEPS = {LSTMCell: _lstm, GRUCell: _gru, SimpleCell: _simple}
