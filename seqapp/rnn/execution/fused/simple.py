"""Simple (Elman) step and its derivative."""

import tensorflow as tf

num_gates = 1
num_saved = 1  # of size H per frame: the output
recurrent_gradient_differs = False


def forward(gates, recurrent, state):
    """Compute h_t = tanh(gates + recurrent); arguments and results as for `lstm.forward`."""
    hidden = tf.tanh(gates + recurrent)
    return [hidden], hidden


def backward(saved, state, state_gradient):
    """Compute the derivative of a step; arguments and results as for `lstm.backward`."""
    gradient = state_gradient[0] * (1.0 - saved * saved)
    return gradient, gradient, [tf.zeros_like(gradient)]
