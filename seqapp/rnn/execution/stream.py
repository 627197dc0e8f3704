"""Chunks of a stream without masks: the state is looked up where a row's frames end.

A forward cell reads nothing of the future. So what stands behind a row's frames, if only it is finite, changes none of
them, and need not be masked frame by frame.
"""

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.cells.linear_cell import LinearCell
from seqapp.rnn.execution.inference.scan import all_states

SHIFTS = (1, 2, 4, 8)  # of a scan over a few frames
FEW_FRAMES = sum(SHIFTS)


def can_stream(cell: Cell, num_frames: int | None) -> bool:
    """Tell whether `stream` knows chunks of so many frames; None: of any number."""
    return num_frames == 1 or (cell.is_linear and (num_frames is None or num_frames <= FEW_FRAMES))


def stream(cell: Cell, sequences, lengths, initial_state: list) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run one chunk forward.

    Args:
        cell: A `Cell`; for other chunks than of one frame a `LinearCell`.
        sequences: Float `[B, T, F]` in the compute dtype, finite everywhere. T may be unknown or 0.
        lengths: Int32 `[B]`, valid frames, 0..T.
        initial_state: List of float `[B, size]`.

    Returns:
        outputs: Float `[B, T, H]`, finite behind a row's frames.
        state: List of float `[B, size]`, behind the last valid frame.
    """
    if sequences.shape[1] == 1:
        return _one_frame(cell, sequences, lengths, initial_state)
    return _scan(cell, sequences, lengths, initial_state)


def _one_frame(cell, sequences, lengths, initial_state):
    gates = tf.cast(cell.project(sequences), cell.variable_dtype)
    output, state = (
        _advance_linear(cell, gates, initial_state) if cell.is_linear else _advance(cell, gates, initial_state)
    )
    has_frame = lengths > 0
    # The old operation of this name: rows by a vector. The new one broadcasts, and takes twice as long.
    return output, [tf.compat.v1.where(has_frame, new, old) for new, old in zip(state, initial_state)]


def _advance(cell, gates, state):
    output, state = cell.step(tf.squeeze(gates, 1), list(state))
    return tf.expand_dims(output, 1), state


def _advance_linear(cell, gates, state):
    """As `_advance`, all along `[B, 1, H]`: but for the state nothing changes its shape."""
    gates = tf.split(gates, cell.num_gates, axis=-1)
    a, b = cell.linear(gates, *cell.parameters)
    hidden = a * tf.expand_dims(cell.hidden_of(state), 1) + b
    return cell.readout(gates, hidden), cell.state_of(tf.squeeze(hidden, 1), state[0].dtype)


def _scan(cell: LinearCell, sequences, lengths, initial_state):
    gates = tf.split(tf.cast(cell.project(sequences), cell.variable_dtype), cell.num_gates, axis=-1)
    a, b = cell.linear(gates, *cell.parameters)
    hidden = _from_initial(a, b, cell.hidden_of(initial_state))
    last = tf.gather(hidden, lengths, batch_dims=1)
    return cell.readout(gates, hidden[:, 1:]), cell.state_of(last, initial_state[0].dtype)


def _from_initial(a, b, initial):
    """Return the initial state and all others, `[B, 1 + T, H]`, of a and b `[B, T, H]`."""
    if a.shape[1] is not None:
        return _few(a, b, initial)
    return tf.cond(tf.shape(a)[1] <= FEW_FRAMES, lambda: _few(a, b, initial), lambda: _many(a, b, initial))


def _many(a, b, initial):
    return tf.concat([initial[:, tf.newaxis], all_states(a, b, initial, reverse=False)], axis=1)


def _few(a, b, initial):
    """Scan by doubling: behind a shift by s, each place has taken in the 2 s - 1 frames before it.

    Reference: Hillis and Steele, Data parallel algorithms, 1986.
    """
    hidden = tf.concat([initial[:, tf.newaxis], b], axis=1)
    a = tf.pad(a, [[0, 0], [1, 0], [0, 0]])
    size = tf.shape(hidden) if hidden.shape[1] is None else [-1, hidden.shape[1], hidden.shape[2]]
    for shift in SHIFTS:
        if hidden.shape[1] is not None and shift >= hidden.shape[1]:
            break
        hidden += a * _later(hidden, shift, size)
        a *= _later(a, shift, size)
    return hidden


def _later(x, shift, size):
    """Return `[B, N, H]` later by so many frames, zeros before."""
    return tf.slice(tf.pad(x, [[0, 0], [shift, 0], [0, 0]]), [0, 0, 0], size)
