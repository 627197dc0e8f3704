"""Recurrent products, fast: derived backward pass, one matmul for the weights' gradient, XLA without its storms."""

import tensorflow as tf

from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.lstm import LSTMCell
from seqapp.rnn.cells.simple import SimpleCell
from seqapp.rnn.execution.fused import gru, lstm, simple
from seqapp.rnn.execution.fused.chunk import CHUNK, backward_chunk, forward_chunk

ROWS = 8  # batches are filled up to a multiple: fewer compilations, and the vector units run that wide anyway
EQUATIONS = {LSTMCell: lstm, GRUCell: gru, SimpleCell: simple}


def can_fuse(cell):
    """Whether `fused` knows the cell's equations; a subclass may have changed them."""
    return type(cell) in EQUATIONS and getattr(cell, "reset_after", True)


def fused(cell, gates, mask, initial_state, reverse=False):
    """Run an LSTM, GRU or simple cell with a backward pass of its own. Arguments and results are those of `loop`.

    Where TensorFlow would differentiate the loop, this one saves activations on the way forward; on the way back the
    loop computes gradients of gates alone, and all frames give the gradient of `recurrent_kernel` in one matmul
    (Appleyard et al., Optimizing performance of recurrent neural networks on GPUs, 2016,
    https://arxiv.org/abs/1604.01946).

    The loops are compiled by XLA in chunks of CHUNK frames, of which any number may hold something, for batches
    filled up to a multiple of ROWS. So a new length costs nothing, and a new multiple of ROWS one compilation forward
    and one backward, some 0.6 s of a core each for H = 256, shared by all layers of the same cell, size and
    direction: a training over buckets of up to 64 rows pays for 8 such pairs a direction, once. XLA keeps them for
    the life of the process. A second derivative is refused by XLA, with an error.

    Raises:
        ValueError: Where the cell's equations are not known here.
    """
    if not can_fuse(cell):
        raise ValueError(
            "execution='fused' needs an LSTMCell, a SimpleCell or a GRUCell with reset_after=True, no subclass. "
            f"Received: {type(cell).__name__}. Use execution='loop', or 'auto'."
        )
    equations = EQUATIONS[type(cell)]
    dtype, size = gates.dtype, cell.num_gates * cell.units
    kernel = tf.cast(tf.convert_to_tensor(cell.recurrent_kernel), cell.compute_dtype)
    bias = tf.cast(tf.convert_to_tensor(cell.recurrent_bias), dtype) if equations is gru else tf.zeros([size], dtype)

    @tf.custom_gradient
    def run(gates, kernel, bias, *initial_state):
        return _differentiable(equations, reverse, gates, mask, kernel, bias, initial_state)

    outputs, *state = run(gates, kernel, bias, *initial_state)
    return outputs, state


def _differentiable(equations, reverse, gates, mask, kernel, bias, initial_state):
    # TensorFlow would look for the compiled loops' own derivative, which XLA refuses, wherever a tape watches.
    gates, kernel, bias, *initial_state = map(tf.stop_gradient, (gates, kernel, bias, *initial_state))
    frames = _Frames(gates, reverse)
    mask = frames.pad(mask)
    state, (outputs, saved, *states) = _forward(equations, frames, frames.pad(gates), mask, kernel, bias, initial_state)

    def gradient(outputs_gradient, *state_gradient):
        padded = frames.pad(outputs_gradient)
        state_gradient, (gates_gradient, *recurrent) = _backward(
            equations, frames, saved, states, mask, padded, state_gradient, kernel
        )
        recurrent = recurrent[0] if recurrent else gates_gradient
        recurrent = tf.reshape(recurrent, [-1, recurrent.shape[-1]])
        hidden = tf.reshape(states[0], [-1, states[0].shape[-1]])
        kernel_gradient = tf.matmul(tf.cast(hidden, kernel.dtype), tf.cast(recurrent, kernel.dtype), transpose_a=True)
        return frames.restore(gates_gradient), kernel_gradient, tf.reduce_sum(recurrent, axis=0), *state_gradient

    return (frames.restore(outputs), *state), gradient


def _forward(equations, frames, gates, mask, kernel, bias, state):
    units = state[0].shape[1]
    sizes = [units, equations.num_saved * units, *[units] * len(state)]
    arrays = [frames.array(gates.dtype, size) for size in sizes]

    def body(k, state, arrays):
        chunk, num_steps = frames.chunk(k)
        state, results = forward_chunk(
            equations, frames.reverse, units, frames.window(gates, chunk), frames.window(mask, chunk), num_steps,
            state, kernel, bias,
        )  # fmt: skip
        return k + 1, frames.with_shape(state), [array.write(chunk, result) for array, result in zip(arrays, results)]

    _, state, arrays = tf.while_loop(lambda k, *_: k < frames.num_chunks, body, (0, frames.pad_rows(state), arrays))
    return frames.restore_rows(state), [array.stack() for array in arrays]


def _backward(equations, frames, saved, states, mask, outputs_gradient, state_gradient, kernel):
    kernel = tf.transpose(kernel)  # once, instead of in every step
    size = kernel.shape[0]
    arrays = [frames.array(saved.dtype, size) for _ in range(1 + equations.recurrent_gradient_differs)]

    def body(k, gradient, arrays):
        chunk, num_steps = frames.chunk(frames.num_chunks - 1 - k)
        gradient, results = backward_chunk(
            equations, frames.reverse, kernel.shape[1], saved[chunk], [state[chunk] for state in states], frames.window(mask, chunk),
            frames.window(outputs_gradient, chunk), num_steps, gradient, kernel,
        )  # fmt: skip
        return (
            k + 1,
            frames.with_shape(gradient),
            [array.write(chunk, result) for array, result in zip(arrays, results)],
        )

    _, gradient, arrays = tf.while_loop(
        lambda k, *_: k < frames.num_chunks, body, (0, frames.pad_rows(state_gradient), arrays)
    )
    return frames.restore_rows(gradient), [array.stack() for array in arrays]


class _Frames:
    """How `[B, T, ...]` is cut into chunks of CHUNK frames and rows filled up to a multiple of ROWS."""

    def __init__(self, gates, reverse):
        self.reverse = reverse
        self.batch_size, self.num_frames = tf.unstack(tf.shape(gates)[:2])
        # One chunk at least, empty where T = 0: TensorArray cannot stack zero elements of an unknown batch size.
        self.num_chunks = tf.maximum(-(-self.num_frames // CHUNK), 1)
        static = gates.shape[0]
        self.static_rows = None if static is None else static + -static % ROWS

    def pad(self, x):
        frames = self.num_chunks * CHUNK - self.num_frames
        return tf.pad(x, [[0, -self.batch_size % ROWS], [0, frames], *[[0, 0]] * (x.shape.rank - 2)])

    def pad_rows(self, state):
        return self.with_shape([tf.pad(s, [[0, -self.batch_size % ROWS], [0, 0]]) for s in state])

    def with_shape(self, state):
        # A chunk once traced for several batch sizes forgets them all.
        return [tf.ensure_shape(s, [self.static_rows, s.shape[1]]) for s in state]

    def restore_rows(self, state):
        return [s[: self.batch_size] for s in state]

    def restore(self, chunks):
        """[N, CHUNK, rows, ...] -> [B, T, ...]."""
        frames = tf.reshape(chunks, tf.concat([[-1], tf.shape(chunks)[2:]], axis=0))
        return tf.transpose(frames[: self.num_frames, : self.batch_size], [1, 0, 2])

    def chunk(self, k):
        """The k-th chunk read, and the frames in it."""
        index = self.num_chunks - 1 - k if self.reverse else k
        return index, tf.minimum(self.num_frames - index * CHUNK, CHUNK)

    def window(self, x, index):
        return tf.ensure_shape(x[:, index * CHUNK : (index + 1) * CHUNK], [self.static_rows, CHUNK, *x.shape[2:]])

    def array(self, dtype, size):
        return tf.TensorArray(dtype, self.num_chunks, element_shape=[CHUNK, self.static_rows, size])
