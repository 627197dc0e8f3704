"""Inference of linear cells: one product per gate, a scan, and masks only where a batch has padding."""

import tensorflow as tf

from seqapp.rnn.cells.affine import frame_sizes
from seqapp.rnn.cells.linear_cell import LinearCell
from seqapp.rnn.execution.inference.gate_products import columns, product
from seqapp.rnn.execution.inference.scan import all_states
from seqapp.rnn.execution.padding import zero_padding

MANY_ROWS = 256  # of a product


def infer_linear(
    cell: LinearCell, sequences, mask, initial_state: list, reverse: bool, keep
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a cell that is linear in its state. Arguments and results are those of `inference`.

    It is `parallel_scan` without its copies: gates are never joined to be split again, and a batch without padding,
    such as a single row, is not masked.
    """
    gates = _project(cell, sequences)
    a, b = cell.linear(gates, *cell.parameters)
    b = b if keep is None else b * tf.cast(keep[:, tf.newaxis], b.dtype)
    a, b = (a, b) if mask is None else _hold_in_padding(a, b, mask)
    initial = cell.hidden_of(initial_state)
    hidden = all_states(a, b, initial, reverse)
    outputs = cell.readout(gates, hidden)
    state = cell.state_of(_last(hidden, initial, reverse), initial_state[0].dtype)
    return outputs if mask is None else zero_padding(outputs, mask), state


def _project(cell, sequences):
    """Project inputs `[B, T, F]` to G gates `[B, T, H]`."""
    sizes = frame_sizes(sequences)
    rows = tf.reshape(sequences, [-1, sequences.shape[-1]])

    def at_once():
        return tf.split(cell.project(rows), cell.num_gates, axis=-1)

    def by_gate():
        weights = zip(columns(cell, cell.kernel, rows.dtype), columns(cell, cell.bias, rows.dtype))
        return [product(rows, *of_gate) for of_gate in weights]

    # What must be copied to come gate by gate: few gates, or else the weights.
    gates = tf.cond(tf.shape(rows)[0] < MANY_ROWS, at_once, by_gate)
    return [tf.reshape(tf.cast(gate, cell.variable_dtype), [*sizes, cell.units]) for gate in gates]


def _hold_in_padding(a, b, mask):
    """Return the a and b that hold a state where the mask is False."""

    def held():
        valid = mask[:, :, tf.newaxis]
        return tf.where(valid, a, tf.ones_like(a)), tf.where(valid, b, tf.zeros_like(b))

    return tf.cond(tf.reduce_all(mask), lambda: (a, b), held)


def _last(hidden, initial, reverse):
    """Return the state after the frame read last, the initial one where there is no frame."""
    initial = initial[:, tf.newaxis]
    if reverse:
        return tf.concat([hidden[:, :1], initial], axis=1)[:, 0]
    return tf.concat([initial, hidden[:, -1:]], axis=1)[:, -1]
