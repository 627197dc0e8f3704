"""Fused execution of LSTM, GRU and simple cells: derived backward pass, one matmul for the weights' gradient."""

from types import ModuleType
from typing import NamedTuple

import tensorflow as tf

from seqapp.higher_derivatives import with_higher_derivatives
from seqapp.rnn.cells.cell import Cell, equations_of
from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.lstm import LSTMCell
from seqapp.rnn.cells.simple import SimpleCell
from seqapp.rnn.execution.fused import gru, lstm, simple
from seqapp.rnn.execution.fused.linear import fused_linear
from seqapp.rnn.execution.fused.recurrence import (
    Recurrence,
    backward_rows,
    distinct_gradients,
    forward_rows,
    recur,
    saved_sizes,
)
from seqapp.rnn.execution.fused.rows import Rows
from seqapp.rnn.execution.loop import loop

ROWS = 8  # of a batch in one call: blocks run side by side on several cores; 16 and 64 at once took no less
EQUATIONS = {LSTMCell: lstm, GRUCell: gru, SimpleCell: simple}


def can_fuse(cell: Cell) -> bool:
    """Tell whether `fused` knows the cell's equations; a subclass may have changed them."""
    is_known = equations_of(cell) in EQUATIONS and getattr(cell, "reset_after", True)
    return (cell.is_linear and not cell.is_complex) or (is_known and cell.has_default_activations)


def fused(
    cell: Cell, gates, mask, initial_state: list, reverse: bool = False, keep=None
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a cell with a backward pass of its own. Arguments and results are those of `loop`.

    Linear cells go to `fused_linear`; what follows is about LSTM, GRU and simple cells.

    Where TensorFlow would differentiate the loop, this one saves activations on the way forward; on the way back the
    loop computes gradients of gates alone, and all frames give the gradient of `recurrent_kernel` in one matmul
    (Appleyard et al., Optimizing performance of recurrent neural networks on GPUs, 2016,
    https://arxiv.org/abs/1604.01946).

    The loops are compiled by XLA for ROWS rows of a batch, of which any number may hold something, with frames filled
    up to a few lengths. So a new batch size costs nothing, and a new one of those lengths a compilation forward and
    one backward, some 0.6 s of a core each for H = 256, shared by all layers of the same cell, size and direction:
    a training over lines of 32 to 1,024 frames pays for 11 such pairs a direction, once. XLA keeps them for the life
    of the process. Second and further derivatives are right, and cost what those of `loop` do;
    `GradientTape.batch_jacobian` needs experimental_use_pfor=False, since pfor cannot vectorise what is compiled.

    Raises:
        ValueError: If the cell's equations are not known here, or functions run eagerly.
    """
    if not can_fuse(cell):
        raise ValueError(
            "execution='fused' needs a linear cell, or an LSTMCell, a SimpleCell or a GRUCell with "
            "reset_after=True, of default activations, no subclass. "
            f"Received: {type(cell).__name__}. Use execution='loop', or 'auto'."
        )
    if tf.config.functions_run_eagerly():
        raise ValueError(
            "execution='fused' runs compiled only. Received: tf.config.run_functions_eagerly(True). "
            "Use execution='auto', which takes another one then."
        )
    if cell.is_linear:
        return fused_linear(cell, gates, mask, initial_state, reverse, keep)
    equations = EQUATIONS[equations_of(cell)]
    weights = _weights(cell, equations, gates.dtype)
    split = len(weights)

    def compiled(gates, *sources):
        return _compiled(equations, reverse, gates, mask, sources[:split], keep, sources[split:])

    def plain(gates, *sources):
        recurrence = Recurrence(*(*sources[:split], None)[:3], keep)
        step = _PlainStep(equations, recurrence, cell.output_size)
        outputs, state = loop(step, gates, mask, list(sources[split:]), reverse)
        return [outputs, *state]

    outputs, *state = with_higher_derivatives(compiled, plain)(gates, *weights, *initial_state)
    return outputs, state


class _PlainStep(NamedTuple):
    """Stand-in for the cell in `loop`: the same equations, of tensors instead of variables."""

    equations: ModuleType
    recurrence: Recurrence
    output_size: int

    def step(self, gates, state, keep=None):
        recurrent, _ = recur(self.recurrence, state[0])
        state, _ = self.equations.forward(gates, recurrent, state)
        return state[0], state


def _weights(cell, equations, dtype):
    """Return the recurrent kernel, bias (zeros where the cell has none) and, with layer normalisation, gain."""
    kernel = tf.cast(tf.convert_to_tensor(cell.recurrent_kernel), cell.compute_dtype)
    bias = getattr(cell, "recurrent_bias", None)
    bias = tf.zeros([cell.num_gates * cell.units], dtype) if bias is None else bias
    gain = [cell.recurrent_gain] if cell.layer_norm else []
    return [kernel, *(tf.cast(tf.convert_to_tensor(x), dtype) for x in (bias, *gain))]


def _compiled(equations, reverse, gates, mask, weights, keep, state):
    """Return outputs and states, and the function of their gradients to those of gates, weights and initial state."""
    rows = Rows(tf.shape(gates)[0], tf.shape(gates)[1], ROWS)
    kernel, bias, gain = (*weights, None)[:3]
    recurrence = Recurrence(kernel, bias, gain, None if keep is None else rows.pad(keep))
    mask = rows.pad_frames(mask)
    state, (outputs, *saved) = _forward(equations, reverse, rows, gates, mask, recurrence, state)

    def gradient(outputs_gradient, *state_gradient):
        gradients = (outputs_gradient, state_gradient)
        of_state, results = _backward(equations, reverse, rows, saved, mask, *gradients, recurrence)
        of_weights = _weights_gradient(equations, rows, recurrence, saved, results)
        return [rows.cut_frames(results[0]), *of_weights, *of_state]

    return [rows.cut_frames(outputs), *state], gradient


def _forward(equations, reverse, rows, gates, mask, recurrence, state):
    units = state[0].shape[1]
    count = len(state)

    def run(gates, mask, *others):
        block = recurrence._replace(keep=_rest(others, count))
        state, results = forward_rows(
            equations, reverse, units, gates, mask, rows.num_frames, list(others[:count]), block
        )  # fmt: skip
        return [*state, *results]

    sizes = [[None, size] for size in saved_sizes(equations, recurrence, units, count)]
    inputs = [rows.pad_frames(gates), mask, *map(rows.pad, state), *_given(recurrence.keep)]
    results = rows.map(run, inputs, [[units]] * count + sizes)
    return [rows.cut(s) for s in results[:count]], results[count:]


def _backward(equations, reverse, rows, saved, mask, outputs_gradient, state_gradient, recurrence):
    units = outputs_gradient.shape[2]
    count = len(state_gradient)
    transposed = recurrence._replace(kernel=tf.transpose(recurrence.kernel))  # once, instead of in every step

    def run(outputs_gradient, mask, *others):
        gradient = others[:count]
        saved = others[count : count + num_saved]
        keep = _rest(others, count + num_saved)
        of_state, results = backward_rows(
            equations, reverse, units, *_split_saved(list(saved), recurrence), mask, outputs_gradient,
            rows.num_frames, list(gradient), transposed._replace(keep=keep),
        )  # fmt: skip
        return [*of_state, *results]

    num_saved = len(saved)
    num_results = len(distinct_gradients(equations, recurrence, 0, 0, 0))
    shapes = [[units]] * count + [[None, equations.num_gates * units]] * num_results
    inputs = [rows.pad_frames(outputs_gradient), mask, *map(rows.pad, state_gradient), *saved]
    gradients = rows.map(run, [*inputs, *_given(recurrence.keep)], shapes)
    return [rows.cut(s) for s in gradients[:count]], gradients[count:]


def _given(keep):
    return [] if keep is None else [keep]


def _rest(tensors, count):
    """Return the tensor behind the first `count`, or None."""
    return tensors[count] if len(tensors) > count else None


def _weights_gradient(equations, rows, recurrence, saved, results):
    """Compute the gradients of kernel, bias and gain: each one matmul or sum over all frames."""
    of_recurrent = results[1] if equations.recurrent_gradient_differs else results[0]
    _, normalization, states = _split_saved(saved, recurrence)
    hidden = states[0] if recurrence.keep is None else states[0] * recurrence.keep[:, tf.newaxis]
    dtype = recurrence.kernel.dtype
    # Where nothing is normalised, the last is that of what is added to the gates.
    hidden, of_product = (tf.cast(_flat(rows.cut_frames(x)), dtype) for x in (hidden, results[-1]))
    of_kernel = tf.matmul(hidden, of_product, transpose_a=True)
    of_bias = tf.reduce_sum(of_recurrent, axis=[0, 1])
    of_gain = [tf.reduce_sum(of_recurrent * standardized, axis=[0, 1]) for standardized in normalization[:1]]
    return of_kernel, of_bias, *of_gain


def _split_saved(saved, recurrence):
    """Split into the equations' activations, the normalisation, and the states before each frame."""
    first_state = 1 if recurrence.gain is None else 3
    return saved[0], saved[1:first_state], saved[first_state:]


def _flat(frames):
    return tf.reshape(frames, [-1, frames.shape[-1]])
