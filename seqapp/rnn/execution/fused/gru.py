"""GRU step that resets after the recurrent product, and its derivative."""

import tensorflow as tf

num_gates = 3
num_saved = 4  # of size H per frame: z, r, n and the candidate's recurrent part
recurrent_gradient_differs = True  # the reset gate stands between the candidate and its recurrent part


def forward(gates, recurrent, state):
    """Compute one step; arguments and results as for `lstm.forward`."""
    z, r, n = tf.split(gates, 3, axis=-1)
    recurrent_z, recurrent_r, recurrent_n = tf.split(recurrent, 3, axis=-1)
    z = tf.sigmoid(z + recurrent_z)
    r = tf.sigmoid(r + recurrent_r)
    n = tf.tanh(n + r * recurrent_n)
    return [z * state[0] + (1.0 - z) * n], tf.concat([z, r, n, recurrent_n], axis=-1)


def backward(saved, state, state_gradient):
    """Compute the derivative of a step; arguments and results as for `lstm.backward`."""
    z, r, n, recurrent_n = tf.split(saved, 4, axis=-1)
    (hidden_gradient,) = state_gradient
    n_gradient = hidden_gradient * (1.0 - z) * (1.0 - n * n)
    z_gradient = hidden_gradient * (state[0] - n) * z * (1.0 - z)
    r_gradient = n_gradient * recurrent_n * r * (1.0 - r)
    gates_gradient = tf.concat([z_gradient, r_gradient, n_gradient], axis=-1)
    recurrent_gradient = tf.concat([z_gradient, r_gradient, n_gradient * r], axis=-1)
    return gates_gradient, recurrent_gradient, [hidden_gradient * z]
