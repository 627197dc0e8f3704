"""Recurrent products, fast: derived backward pass, one matmul for the weights' gradient, XLA without its storms."""

import tensorflow as tf

from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.lstm import LSTMCell
from seqapp.rnn.cells.simple import SimpleCell
from seqapp.rnn.execution.fused import gru, lstm, simple
from seqapp.rnn.execution.fused.chunk import (
    CHUNK,
    Recurrence,
    backward_chunk,
    distinct_gradients,
    forward_chunk,
    saved_sizes,
)  # fmt: skip
from seqapp.rnn.execution.fused.linear import fused_linear

ROWS = 8  # batches are filled up to a multiple: fewer compilations, and the vector units run that wide anyway
EQUATIONS = {LSTMCell: lstm, GRUCell: gru, SimpleCell: simple}


def can_fuse(cell):
    """Whether `fused` knows the cell's equations; a subclass may have changed them."""
    return cell.is_linear or (type(cell) in EQUATIONS and getattr(cell, "reset_after", True))


def fused(cell, gates, mask, initial_state, reverse=False, keep=None):
    """Run a cell with a backward pass of its own. Arguments and results are those of `loop`.

    Linear cells go to `fused_linear`; what follows is about LSTM, GRU and simple cells.

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
            "execution='fused' needs a linear cell, or an LSTMCell, a SimpleCell or a GRUCell with "
            "reset_after=True, no subclass. "
            f"Received: {type(cell).__name__}. Use execution='loop', or 'auto'."
        )
    if cell.is_linear:
        return fused_linear(cell, gates, mask, initial_state, reverse, keep)
    equations = EQUATIONS[type(cell)]
    weights = _weights(cell, equations, gates.dtype)

    @tf.custom_gradient
    def run(gates, *sources):
        split = len(weights)
        return _differentiable(equations, reverse, gates, mask, sources[:split], keep, sources[split:])

    outputs, *state = run(gates, *weights, *initial_state)
    return outputs, state


def _weights(cell, equations, dtype):
    """Recurrent kernel, bias (zeros where the cell has none) and, with layer normalisation, gain."""
    kernel = tf.cast(tf.convert_to_tensor(cell.recurrent_kernel), cell.compute_dtype)
    bias = cell.recurrent_bias if equations is gru else tf.zeros([cell.num_gates * cell.units], dtype)
    gain = [cell.recurrent_gain] if cell.layer_norm else []
    return [kernel, *(tf.cast(tf.convert_to_tensor(x), dtype) for x in (bias, *gain))]


def _differentiable(equations, reverse, gates, mask, weights, keep, state):
    # TensorFlow would look for the compiled loops' own derivative, which XLA refuses, wherever a tape watches.
    gates, weights, state = tf.nest.map_structure(tf.stop_gradient, (gates, list(weights), list(state)))
    frames = _Frames(gates, reverse)
    mask = frames.pad(mask)
    kernel, bias, gain = (*weights, None)[:3]
    recurrence = Recurrence(kernel, bias, gain, None if keep is None else frames.pad_rows([keep])[0])
    state, (outputs, *saved) = _forward(equations, frames, frames.pad(gates), mask, recurrence, state)

    def gradient(outputs_gradient, *state_gradient):
        padded = frames.pad(outputs_gradient)
        state_gradient, results = _backward(equations, frames, saved, mask, padded, state_gradient, recurrence)
        of_weights = _weights_gradient(equations, recurrence, saved, results)
        return frames.restore(results[0]), *of_weights, *state_gradient

    return (frames.restore(outputs), *state), gradient


def _weights_gradient(equations, recurrence, saved, results):
    """Of kernel, bias and gain: each one matmul or sum over all frames."""
    of_recurrent = results[1] if equations.recurrent_gradient_differs else results[0]
    _, normalization, states = _split_saved(saved, recurrence)
    hidden = states[0] if recurrence.keep is None else states[0] * recurrence.keep
    dtype = recurrence.kernel.dtype
    # Where nothing is normalised, the last is that of what is added to the gates.
    hidden, of_product = (tf.cast(_rows(x), dtype) for x in (hidden, results[-1]))
    of_kernel = tf.matmul(hidden, of_product, transpose_a=True)
    of_bias = tf.reduce_sum(_rows(of_recurrent), axis=0)
    of_gain = [tf.reduce_sum(_rows(of_recurrent * standardized), axis=0) for standardized in normalization[:1]]
    return of_kernel, of_bias, *of_gain


def _split_saved(saved, recurrence):
    """What the equations saved, the normalisation, and the states before each frame."""
    first_state = 1 if recurrence.gain is None else 3
    return saved[0], saved[1:first_state], saved[first_state:]


def _rows(frames):
    return tf.reshape(frames, [-1, frames.shape[-1]])


def _forward(equations, frames, gates, mask, recurrence, state):
    units = state[0].shape[1]
    arrays = [frames.array(gates.dtype, size) for size in saved_sizes(equations, recurrence, units, len(state))]

    def body(k, state, arrays):
        chunk, num_steps = frames.chunk(k)
        state, results = forward_chunk(
            equations, frames.reverse, units, frames.window(gates, chunk), frames.window(mask, chunk), num_steps,
            state, recurrence,
        )  # fmt: skip
        return k + 1, frames.with_shape(state), _write(arrays, chunk, results)

    _, state, arrays = tf.while_loop(lambda k, *_: k < frames.num_chunks, body, (0, frames.pad_rows(state), arrays))
    return frames.restore_rows(state), [array.stack() for array in arrays]


def _backward(equations, frames, saved, mask, outputs_gradient, state_gradient, recurrence):
    transposed = recurrence._replace(kernel=tf.transpose(recurrence.kernel))  # once, instead of in every step
    size, units = transposed.kernel.shape
    arrays = [frames.array(saved[0].dtype, size) for _ in distinct_gradients(equations, recurrence, 0, 0, 0)]

    def body(k, gradient, arrays):
        chunk, num_steps = frames.chunk(frames.num_chunks - 1 - k)
        gradient, results = backward_chunk(
            equations, frames.reverse, units, *_split_saved([x[chunk] for x in saved], recurrence),
            frames.window(mask, chunk), frames.window(outputs_gradient, chunk), num_steps, gradient, transposed,
        )  # fmt: skip
        return k + 1, frames.with_shape(gradient), _write(arrays, chunk, results)

    start = (0, frames.pad_rows(state_gradient), arrays)
    _, gradient, arrays = tf.while_loop(lambda k, *_: k < frames.num_chunks, body, start)
    return frames.restore_rows(gradient), [array.stack() for array in arrays]


def _write(arrays, index, values):
    return [array.write(index, value) for array, value in zip(arrays, values)]


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
