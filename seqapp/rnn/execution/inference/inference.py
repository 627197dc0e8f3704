"""Inference execution: a forward pass from the inputs on, in plain operations, equal to `loop`."""

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell, equations_of
from seqapp.rnn.execution.inference.linear import infer_linear
from seqapp.rnn.execution.inference.recurrence import STEPS, infer_recurrence
from seqapp.rnn.execution.loop import loop


def can_infer(cell: Cell) -> bool:
    """Tell whether `inference` knows the cell's equations, with nothing between product and gate."""
    is_known = equations_of(cell) in STEPS and getattr(cell, "reset_after", True) and cell.has_default_activations
    return (cell.is_linear or is_known) and not cell.layer_norm


def inference(
    cell: Cell, sequences, mask, initial_state: list, reverse: bool = False, keep=None
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a cell from its inputs on, by `infer_linear` or `infer_recurrence`. There is a gradient if one is asked for.

    Args:
        cell: A `Cell` for which `can_infer` is true.
        sequences: Float `[B, T, F]` in the compute dtype. T may be unknown or 0.
        mask: Bool `[B, T]`, True = valid; None: all of them.
        initial_state: List of float `[B, H]`.
        reverse: Read from the last frame to the first; outputs stay at the frames they belong to.
        keep: Float `[B, H]` of `cell.recurrent_keep`, or None.

    Returns:
        As `loop`.

    Raises:
        ValueError: If the cell's equations are not known here.
    """
    if not can_infer(cell):
        raise ValueError(
            "execution='inference' needs a linear cell, or an LSTMCell, a SimpleCell or a GRUCell with "
            "reset_after=True, of default activations, no subclass; without layer_norm. "
            f"Received: {type(cell).__name__}. Use execution='loop', or 'auto'."
        )
    if sequences.shape[1] == 0:  # gradients of zero, as everywhere: there is nothing here that they could flow through
        gates = tf.cast(cell.project(sequences), cell.variable_dtype)
        return loop(cell, gates, tf.ones(tf.shape(sequences)[:2], tf.bool), initial_state, reverse, keep)
    if cell.is_linear:
        return infer_linear(cell, sequences, mask, initial_state, reverse, keep)
    return infer_recurrence(cell, sequences, mask, initial_state, reverse, keep)
