"""LSTM step and its derivative."""

import tensorflow as tf

num_gates = 4
num_saved = 4  # of size H per frame: i, f, g, o
recurrent_gradient_differs = False


def forward(gates, recurrent, state):
    """Compute one step.

    Args:
        gates: Float `[B, G*H]`, the projected inputs.
        recurrent: Float `[B, G*H]`, h_{t-1} U (and the recurrent bias).
        state: List of float `[B, H]`; the first is the output.

    Returns:
        state: List of float `[B, H]`.
        saved: Float `[B, num_saved*H]`, what `backward` needs.
    """
    i, f, g, o = tf.split(gates + recurrent, 4, axis=-1)
    i = tf.sigmoid(i)
    f = tf.sigmoid(f)
    g = tf.tanh(g)
    o = tf.sigmoid(o)
    cell = f * state[1] + i * g
    return [o * tf.tanh(cell), cell], tf.concat([i, f, g, o], axis=-1)


def backward(saved, state, state_gradient):
    """Compute the derivative of a step. tanh(c_t) is computed again: cheaper than reading it from memory.

    Args:
        saved: Float `[B, num_saved*H]`, from `forward`.
        state: List of float `[B, H]`, before the step.
        state_gradient: List of float `[B, H]`, with respect to the state after the step.

    Returns:
        gates_gradient: Float `[B, G*H]`.
        recurrent_gradient: Float `[B, G*H]`; the same tensor unless `recurrent_gradient_differs`.
        state_gradient: List of float `[B, H]`, with respect to the state before the step, not counting the way
            through `recurrent`.
    """
    i, f, g, o = tf.split(saved, 4, axis=-1)
    tanh_cell = tf.tanh(f * state[1] + i * g)
    hidden_gradient, cell_gradient = state_gradient
    cell_gradient = cell_gradient + hidden_gradient * o * (1.0 - tanh_cell * tanh_cell)
    gates_gradient = tf.concat(
        [
            cell_gradient * g * i * (1.0 - i),
            cell_gradient * state[1] * f * (1.0 - f),
            cell_gradient * i * (1.0 - g * g),
            hidden_gradient * tanh_cell * o * (1.0 - o),
        ],
        axis=-1,
    )
    return gates_gradient, gates_gradient, [tf.zeros_like(cell_gradient), cell_gradient * f]
