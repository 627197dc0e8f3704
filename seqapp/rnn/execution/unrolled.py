"""Unrolled execution: as many copies of the step as there are frames."""

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.execution.loop import masked_step


def unrolled(
    cell: Cell, gates, mask, initial_state: list, reverse: bool = False, keep=None
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run `cell.step` once a frame in plain Python, without a loop in the graph.

    Worth it for short sequences of a fixed length; the graph grows with T. Arguments and results are those of
    `loop`.

    Raises:
        ValueError: If T is unknown while the graph is traced.
    """
    num_steps = gates.shape[1]
    if num_steps is None:
        raise ValueError(
            "execution='unrolled' needs a known number of frames. "
            f"Received: gates of shape {gates.shape}. Fix T in the input signature, or use execution='loop'."
        )
    state = list(initial_state)
    outputs = [None] * num_steps
    for t in reversed(range(num_steps)) if reverse else range(num_steps):
        outputs[t], state = masked_step(cell, gates[:, t], mask[:, t], state, keep)
    if num_steps == 0:
        return tf.zeros([tf.shape(gates)[0], 0, cell.output_size], initial_state[0].dtype), state
    return tf.stack(outputs, axis=1), state
