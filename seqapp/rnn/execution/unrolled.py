"""Unrolled execution: as many copies of the step as there are frames."""

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.execution.loop import loop, masked_step


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
    if num_steps == 0:  # gradients of zero, as everywhere: there is nothing here that they could flow through
        return loop(cell, gates, mask, initial_state, reverse, keep)
    state = list(initial_state)
    outputs = [None] * num_steps
    for t in reversed(range(num_steps)) if reverse else range(num_steps):
        outputs[t], state = masked_step(cell, gates[:, t], mask[:, t], state, keep)
    return tf.stack(outputs, axis=1), state
