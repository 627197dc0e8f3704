"""Loop execution, the reference: one step after the other, any cell, any length."""

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell


def loop(
    cell: Cell, gates, mask, initial_state: list, reverse: bool = False, keep=None
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run `cell.step` over time in a `tf.while_loop`.

    Args:
        cell: A `Cell`.
        gates: Float `[B, T, G*H]`, from `cell.project`. T may be unknown or 0.
        mask: Bool `[B, T]`, True = valid. Where False the state is held and the output is zero.
        initial_state: List of float `[B, H]`.
        reverse: Read from the last frame to the first; outputs stay at the frames they belong to.
        keep: Float `[B, H]` of `cell.recurrent_keep`, or None: recurrent dropout.

    Returns:
        outputs: Float `[B, T, H]`.
        state: List of float `[B, H]`, after the frame read last.
    """
    gates, mask = _append_identity_step(tf.transpose(gates, [1, 0, 2]), tf.transpose(mask))
    num_steps = tf.shape(gates)[0]
    gates = tf.TensorArray(gates.dtype, num_steps, element_shape=gates.shape[1:]).unstack(gates)
    mask = tf.TensorArray(tf.bool, num_steps, element_shape=mask.shape[1:]).unstack(mask)
    outputs = tf.TensorArray(
        initial_state[0].dtype, num_steps, element_shape=[initial_state[0].shape[0], cell.output_size]
    )

    def body(k, outputs, state):
        t = num_steps - 1 - k if reverse else k
        output, state = masked_step(cell, gates.read(t), mask.read(t), state, keep)
        return k + 1, outputs.write(t, output), state

    # XLA needs maximum_iterations to size the stacks that the gradient reads.
    _, outputs, state = tf.while_loop(
        lambda k, *_: k < num_steps, body, (0, outputs, list(initial_state)), maximum_iterations=num_steps
    )
    return tf.transpose(outputs.stack()[:-1], [1, 0, 2]), state


def masked_step(cell: Cell, gates, mask, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Compute one step that holds the state and gives a zero output in rows where `mask` `[B]` is False."""
    valid = mask[:, tf.newaxis]
    output, new_state = cell.step(gates, list(state), keep)
    held = [tf.where(valid, new, old) for new, old in zip(new_state, state)]
    return tf.where(valid, output, tf.zeros_like(output)), held


def _append_identity_step(gates, mask):
    """Append one masked step: TensorArray cannot stack zero elements of an unknown batch size (T = 0)."""
    return tf.pad(gates, [[0, 1], [0, 0], [0, 0]]), tf.pad(mask, [[0, 1], [0, 0]])
