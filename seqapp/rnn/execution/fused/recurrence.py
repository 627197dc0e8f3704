"""Compiled recurrence (XLA): recurrent product and step over all frames of a few rows, forward and backward.

The number of frames run is an argument: what rows are filled up with costs nothing, and no second compilation.
"""

from typing import NamedTuple

import tensorflow as tf

# XLA's own update in place, as in `linear`.
from tensorflow.compiler.tf2xla.python.xla import dynamic_update_slice

from seqapp.rnn.cells.normalization import standardize, standardize_gradient


class Recurrence(NamedTuple):
    """How a state enters the gates: standardize((state * keep) @ kernel) * gain + bias.

    Attributes:
        kernel: Float `[H, G*H]`, in the compute dtype.
        bias: Float `[G*H]`.
        gain: Float `[G*H]`, or None without layer normalisation.
        keep: Float `[B, H]`, or None without recurrent dropout.
    """

    kernel: tf.Tensor
    bias: tf.Tensor
    gain: tf.Tensor | None
    keep: tf.Tensor | None


def saved_sizes(equations, recurrence, units, num_states):
    """Return the last dimensions of the results of `forward_rows`."""
    normalization = [] if recurrence.gain is None else [equations.num_gates * units, 1]
    return [units, equations.num_saved * units, *normalization, *[units] * num_states]


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def forward_rows(equations, reverse, units, gates, mask, num_frames, state, recurrence):
    """Run some rows.

    Args:
        equations: A module with `forward`, such as `lstm`.
        reverse: Read from the last frame to the first.
        units: H, a Python number: TensorFlow must not mix the traces of two sizes into one that knows neither.
        gates: Float `[B, L, G*H]`.
        mask: Bool `[B, L]`.
        num_frames: Int32 `[]`, T: frames that hold anything, 0 to L.
        state: List of float `[B, H]`.
        recurrence: `Recurrence`.

    Returns:
        state: List of float `[B, H]`.
        results: List of `[B, L, size]`, sizes of `saved_sizes`: outputs, what the equations save, with layer
            normalisation the standardised product and its scale, and the states before each frame.
    """

    def body(k, state, arrays):
        t = num_frames - 1 - k if reverse else k
        valid = _frame(mask, t)[:, tf.newaxis]
        recurrent, normalization = recur(recurrence, state[0])
        new_state, saved = equations.forward(_frame(gates, t), recurrent, state)
        output = tf.where(valid, new_state[0], tf.zeros_like(new_state[0]))
        arrays = _write(arrays, t, [output, saved, *normalization, *state])
        return k + 1, [tf.where(valid, new, old) for new, old in zip(new_state, state)], arrays

    arrays = [_array(gates, size) for size in saved_sizes(equations, recurrence, units, len(state))]
    _, state, arrays = tf.while_loop(lambda k, *_: k < num_frames, body, (0, list(state), arrays))
    return state, arrays


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def backward_rows(
    equations,
    reverse,
    units,
    saved,
    normalization,
    states,
    mask,
    outputs_gradient,
    num_frames,
    state_gradient,
    recurrence,
):
    """Compute the derivative of `forward_rows`, but for the weights.

    Args:
        equations: As above, with `backward`.
        reverse: As above.
        units: As above.
        saved: Float `[B, L, num_saved*H]`.
        normalization: List of what `forward_rows` saved of the standardisation, empty without.
        states: List of float `[B, L, H]`, before each frame.
        mask: Bool `[B, L]`.
        outputs_gradient: Float `[B, L, H]`.
        num_frames: Int32 `[]`.
        state_gradient: List of float `[B, H]`, with respect to the final state.
        recurrence: `Recurrence`, its kernel transposed, `[G*H, H]`.

    Returns:
        state_gradient: List of float `[B, H]`, with respect to the initial state.
        results: List of the gradients `[B, L, G*H]` of the gates; where it differs, of what is added to them; with
            layer normalisation, of the product of state and kernel.
    """

    def body(k, gradient, arrays):
        t = k if reverse else num_frames - 1 - k
        valid = _frame(mask, t)[:, tf.newaxis]
        total = [gradient[0] + _frame(outputs_gradient, t), *gradient[1:]]
        gates, recurrent, direct = equations.backward(_frame(saved, t), [_frame(x, t) for x in states], total)
        gates, recurrent = (tf.where(valid, g, tf.zeros_like(g)) for g in (gates, recurrent))
        product = _product_gradient(recurrence, recurrent, [_frame(x, t) for x in normalization])
        arrays = _write(arrays, t, distinct_gradients(equations, recurrence, gates, recurrent, product))
        held = [tf.where(valid, new, old) for new, old in zip(direct, gradient)]
        of_state = _visible(recurrence, _product(product, recurrence.kernel))
        return k + 1, [held[0] + of_state, *held[1:]], arrays

    size = equations.num_gates * units
    arrays = [_array(outputs_gradient, size) for _ in distinct_gradients(equations, recurrence, 0, 0, 0)]
    _, gradient, arrays = tf.while_loop(lambda k, *_: k < num_frames, body, (0, list(state_gradient), arrays))
    return gradient, arrays


def distinct_gradients(equations, recurrence, of_gates, of_recurrent, of_product):
    """Return those of the three that differ from the one before."""
    second = [of_recurrent] if equations.recurrent_gradient_differs else []
    return [of_gates, *second, *([] if recurrence.gain is None else [of_product])]


def _frame(x, t):
    """Gather frame t of `[B, L, ...]`. A slice `x[:, t]` would have XLA compile anew for every `num_frames`."""
    return tf.gather(x, t, axis=1)


def recur(recurrence, hidden):
    """Return the product of a state `[B, H]` for the gates, and its normalisation for the backward pass."""
    product = _product(_visible(recurrence, hidden), recurrence.kernel)
    if recurrence.gain is None:
        return product + recurrence.bias, []
    standardized, scale = standardize(product)
    return standardized * recurrence.gain + recurrence.bias, [standardized, scale]


def _product_gradient(recurrence, gradient, normalization):
    return gradient if recurrence.gain is None else standardize_gradient(gradient * recurrence.gain, *normalization)


def _visible(recurrence, hidden):
    return hidden if recurrence.keep is None else hidden * recurrence.keep


def _product(state, kernel):
    """Multiply state @ kernel in the kernel's dtype; the product has the state's."""
    return tf.cast(tf.matmul(tf.cast(state, kernel.dtype), kernel), state.dtype)


def _array(like, size):
    """Make zeros `[B, L, size]`; B and L as of `like` `[B, L, ...]`."""
    return tf.zeros([*tf.unstack(tf.shape(like)[:2]), size], like.dtype)


def _write(arrays, t, values):
    return [dynamic_update_slice(array, value[:, tf.newaxis], [0, t, 0]) for array, value in zip(arrays, values)]
