"""Fused execution of linear cells: gates, recurrence and readout in one pass over the frames, a few at a time.

`parallel_scan` reads and writes every intermediate of all frames. Here XLA keeps them in the processor's caches, and
the way back computes gates again instead of reading what was kept: gates and states are all that is.
"""

import tensorflow as tf

# XLA's own update in place: TensorFlow's public operations write along the first axis only, which would cost a
# transposed copy of all gates.
from tensorflow.compiler.tf2xla.python.xla import dynamic_update_slice

from seqapp.higher_derivatives import with_higher_derivatives
from seqapp.rnn.cells.linear_cell import LinearCell
from seqapp.rnn.execution.fused.rows import Rows
from seqapp.rnn.execution.padding import zero_padding
from seqapp.rnn.execution.parallel_scan import parallel_scan

ROWS = 4  # of a batch in one call: blocks run side by side on several cores; 8 wastes more on small batches
FRAMES = 8  # written out in one step of the loop; 4 and 16 were slower on a plain CPU


def fused_linear(
    cell: LinearCell, gates, mask, initial_state: list, reverse: bool, keep
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a `LinearCell`. Arguments and results are those of `loop`."""
    equations = type(cell)
    parameters = [tf.convert_to_tensor(p) for p in cell.parameters]

    def compiled(gates, initial, *parameters):
        return _compiled(equations, reverse, gates, mask, initial, keep, parameters)

    def plain(gates, initial, *parameters):
        outputs, state = parallel_scan(_PlainCell(equations, parameters), gates, mask, [initial], reverse, keep)
        return [outputs, *state]

    outputs, last = with_higher_derivatives(compiled, plain)(gates, initial_state[0], *parameters)
    return outputs, [last]


class _PlainCell:
    """Stand-in for the cell in `parallel_scan`: the same equations, of tensors instead of variables."""

    is_linear = True

    def __init__(self, equations, parameters):
        self.num_gates = equations.num_gates
        self.linear = equations.linear
        self.readout = equations.readout
        self.hidden_of = equations.hidden_of
        self.state_of = equations.state_of
        self.parameters = parameters


def _compiled(equations, reverse, gates, mask, initial, keep, parameters):
    """Return outputs and last state, and the function of their gradients to those of gates, state and parameters."""
    rows = Rows(tf.shape(gates)[0], tf.shape(gates)[1], ROWS)
    masks = [rows.pad_frames(mask)] + ([] if keep is None else [rows.pad(keep)])
    frames = [rows.pad_frames(gates), rows.pad(initial)]
    units = initial.shape[1]
    args = (-(-rows.num_frames // FRAMES), parameters)

    def forward(gates, initial, *masks):
        return forward_rows(equations, reverse, units, gates, initial, masks, *args)

    sizes = [[units], *[[None, units]] * (2 if has_readout(equations) else 1)]
    last, hidden, *outputs = rows.map(forward, [*frames, *masks], sizes)
    outputs = rows.cut_frames(outputs[0]) if outputs else zero_padding(rows.cut_frames(hidden), mask)

    def gradient(outputs_gradient, last_gradient):
        upstream = [hidden, rows.pad_frames(outputs_gradient), rows.pad(last_gradient)]

        def backward(gates, initial, hidden, outputs_gradient, last_gradient, *masks):
            upstream = (hidden, outputs_gradient, last_gradient)
            return backward_rows(equations, reverse, units, gates, initial, *upstream, masks, *args)

        sizes = [[None, gates.shape[2]], [units]]
        of_gates, of_initial, *of_parameters = rows.map(backward, [*frames, *upstream, *masks], sizes, parameters)
        return [rows.cut_frames(of_gates), rows.cut(of_initial), *of_parameters]

    return [outputs, rows.cut(last)], gradient


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def forward_rows(equations, reverse, units, gates, initial, masks, num_steps, parameters):
    """Run some rows.

    Args:
        equations: A subclass of `LinearCell`.
        reverse: Read from the last frame to the first.
        units: H, a Python number: TensorFlow must not mix the traces of two sizes into one that knows neither.
        gates: Float `[ROWS, T, G*H]`, T a multiple of FRAMES.
        initial: Float `[ROWS, H]`.
        masks: Bool `[ROWS, T]`, and `[ROWS, H]` of `recurrent_keep` where there is one.
        num_steps: Int32 `[]`: times FRAMES, frames that hold anything.
        parameters: List of tensors, `equations.parameters`.

    Returns:
        last: Float `[ROWS, H]`.
        hidden: Float `[ROWS, T, H]`, the states.
        outputs: Float `[ROWS, T, H]`, where they are others than the states.
    """
    block = _Block(equations, reverse, units, gates, masks, num_steps, parameters)

    def body(k, state, arrays):
        start = block.start(k)
        parts = block.gates(start)
        valid = block.valid(start)
        a, b = block.linear(parts, valid, parameters)
        states = [None] * FRAMES
        for t in block.order:
            state = states[t] = a[:, t] * state + b[:, t]
        states = tf.stack(states, axis=1)
        frames = [states, block.readout(parts, states, valid)][: len(arrays)]
        return k + 1, state, [_write(array, part, start) for array, part in zip(arrays, frames)]

    empty = tf.zeros([ROWS, tf.shape(gates)[1], units], gates.dtype)
    start = (0, initial, [empty] * (2 if has_readout(equations) else 1))
    _, last, arrays = tf.while_loop(lambda k, *_: k < num_steps, body, start)
    return last, *arrays


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def backward_rows(
    equations, reverse, units, gates, initial, hidden, outputs_gradient, last_gradient, masks, num_steps, parameters
):
    """Compute the gradients of `forward_rows`: of gates `[ROWS, T, G*H]`, initial state and each parameter."""
    block = _Block(equations, reverse, units, gates, masks, num_steps, parameters)

    def body(k, gradient, of_gates, of_parameters):
        start = block.start(num_steps - 1 - k)
        parts = block.gates(start)
        valid = block.valid(start)
        states = block.read(hidden, start)
        upstream = block.read(outputs_gradient, start)
        own_parameters = [tf.identity(p) for p in parameters]  # of this graph, for tf.gradients
        a, b = block.linear(parts, valid, own_parameters)
        outputs = block.readout(parts, states, valid)
        # Not by tapes: they do not record where a forward accumulator asks for the derivative.
        (direct,) = tf.gradients(outputs, [states], [upstream])
        of_states = [None] * FRAMES
        for t in reversed(block.order):
            gradient = of_states[t] = gradient + direct[:, t]
            gradient = gradient * a[:, t]
        of_states = tf.stack(of_states, axis=1)
        upstream = [of_states * block.previous(hidden, initial, start, states), of_states, upstream]
        sources = [*parts, *own_parameters]
        gradients = tf.gradients([a, b, outputs], sources, upstream, unconnected_gradients="zero")
        for number, part in enumerate(gradients[: len(parts)]):
            of_gates = _write(of_gates, part, start, number * units)
        of_parameters = [total + new for total, new in zip(of_parameters, gradients[len(parts) :])]
        return k + 1, gradient, of_gates, of_parameters

    start = (0, last_gradient, tf.zeros_like(gates), [tf.zeros_like(p) for p in parameters])
    _, gradient, of_gates, of_parameters = tf.while_loop(lambda k, *_: k < num_steps, body, start)
    return of_gates, gradient, *of_parameters


def has_readout(equations: type[LinearCell]) -> bool:
    """Tell whether a linear cell shows something else than its state."""
    return equations.readout is not LinearCell.readout


def _write(frames, block, start, column=0):
    return dynamic_update_slice(frames, block, [0, start, column])


class _Block:
    """FRAMES frames of ROWS rows at a time, in reading order."""

    def __init__(self, equations, reverse, units, gates, masks, num_steps, parameters):
        self.equations = equations
        self.reverse = reverse
        self.units = units
        self.num_steps = num_steps
        self.all_gates = gates
        self.mask = masks[0]
        self.keep = masks[1] if len(masks) > 1 else None
        self.order = range(FRAMES)[::-1] if reverse else range(FRAMES)

    def start(self, k):
        """Return the first frame of the k-th block read."""
        return FRAMES * (self.num_steps - 1 - k if self.reverse else k)

    def read(self, frames, start, column=0):
        return tf.slice(frames, [0, start, column], [ROWS, FRAMES, self.units])

    def gates(self, start):
        """Read G tensors `[ROWS, FRAMES, H]`, apart from the first: put together and split, they would be copied."""
        return [self.read(self.all_gates, start, k * self.units) for k in range(self.equations.num_gates)]

    def valid(self, start):
        return tf.slice(self.mask, [0, start], [ROWS, FRAMES])[:, :, tf.newaxis]

    def linear(self, parts, valid, parameters):
        a, b = self.equations.linear(parts, *parameters)
        b = b if self.keep is None else b * self.keep[:, tf.newaxis]
        return tf.where(valid, a, tf.ones_like(a)), tf.where(valid, b, tf.zeros_like(b))

    def readout(self, parts, states, valid):
        outputs = self.equations.readout(parts, states)
        return tf.where(valid, outputs, tf.zeros_like(outputs))

    def previous(self, hidden, initial, start, states):
        """Return the state before each frame of the block, in reading order."""
        if self.reverse:
            is_first = start == FRAMES * (self.num_steps - 1)
            neighbour = tf.minimum(start + FRAMES, tf.shape(hidden)[1] - 1)
        else:
            is_first = start == 0
            neighbour = tf.maximum(start - 1, 0)
        outside = tf.slice(hidden, [0, neighbour, 0], [ROWS, 1, self.units])
        outside = tf.where(is_first, initial[:, tf.newaxis], outside)
        pieces = [states[:, 1:], outside] if self.reverse else [outside, states[:, :-1]]
        return tf.concat(pieces, axis=1)
