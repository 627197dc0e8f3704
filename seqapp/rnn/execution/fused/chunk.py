"""A chunk of frames, forward and backward: what XLA compiles, once a batch size and whatever the lengths.

The shapes are fixed (CHUNK frames), the number of frames run is not: it is an argument, so that the last chunk of
a sequence costs what it holds, and no second compilation.
"""

from typing import NamedTuple

import tensorflow as tf

from seqapp.rnn.cells.normalization import standardize, standardize_gradient

CHUNK = 64  # frames; 32, 128 and 512 took the same time on a plain CPU, and memory is padded to a multiple


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
    """Last dimensions of what `forward_chunk` gives of each frame."""
    normalization = [] if recurrence.gain is None else [equations.num_gates * units, 1]
    return [units, equations.num_saved * units, *normalization, *[units] * num_states]


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def forward_chunk(equations, reverse, units, gates, mask, num_steps, state, recurrence):
    """Run `num_steps` frames.

    Args:
        equations: A module with `forward`, such as `lstm`.
        reverse: Read from the last frame to the first.
        units: H, a Python number: TensorFlow must not mix the traces of two sizes into one that knows neither.
        gates: Float `[B, CHUNK, G*H]`.
        mask: Bool `[B, CHUNK]`.
        num_steps: int32 `[]`, frames that hold anything, from 0 to CHUNK.
        state: List of float `[B, H]`.
        recurrence: `Recurrence`.

    Returns:
        state: List of float `[B, H]`.
        results: List of `[CHUNK, B, size]`, sizes of `saved_sizes`: outputs, what the equations save, with layer
            normalisation the standardised product and its scale, and the states before each frame.
    """
    sizes = saved_sizes(equations, recurrence, units, len(state))

    def body(k, state, arrays):
        t = num_steps - 1 - k if reverse else k
        valid = mask[:, t, tf.newaxis]
        recurrent, normalization = _recur(recurrence, state[0])
        new_state, saved = equations.forward(gates[:, t], recurrent, state)
        output = tf.where(valid, new_state[0], tf.zeros_like(new_state[0]))
        arrays = _write(arrays, t, [output, saved, *normalization, *state])
        return k + 1, [tf.where(valid, new, old) for new, old in zip(new_state, state)], arrays

    arrays = [_array(gates, part) for part in sizes]
    _, state, arrays = tf.while_loop(lambda k, *_: k < num_steps, body, (0, list(state), arrays))
    return state, [array.stack() for array in arrays]


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def backward_chunk(
    equations,
    reverse,
    units,
    saved,
    normalization,
    states,
    mask,
    outputs_gradient,
    num_steps,
    state_gradient,
    recurrence,
):
    """The derivative of `forward_chunk`, but for the weights.

    Args:
        equations: As above, with `backward`.
        reverse: As above.
        units: As above.
        saved: Float `[CHUNK, B, num_saved*H]`.
        normalization: List of what `forward_chunk` saved of the standardisation, empty without.
        states: List of float `[CHUNK, B, H]`, before each frame.
        mask: Bool `[B, CHUNK]`.
        outputs_gradient: Float `[B, CHUNK, H]`.
        num_steps: int32 `[]`.
        state_gradient: List of float `[B, H]`, with respect to the chunk's final state.
        recurrence: `Recurrence`, its kernel transposed, `[G*H, H]`.

    Returns:
        state_gradient: List of float `[B, H]`, with respect to the chunk's initial state.
        results: List of the gradients `[CHUNK, B, G*H]` of the gates; where it differs, of what is added to them; with
            layer normalisation, of the product of state and kernel.
    """
    size = recurrence.kernel.shape[0]

    def body(k, gradient, arrays):
        t = k if reverse else num_steps - 1 - k
        valid = mask[:, t, tf.newaxis]
        total = [gradient[0] + outputs_gradient[:, t], *gradient[1:]]
        gates, recurrent, direct = equations.backward(saved[t], [state[t] for state in states], total)
        gates, recurrent = (tf.where(valid, g, tf.zeros_like(g)) for g in (gates, recurrent))
        product = _product_gradient(recurrence, recurrent, [x[t] for x in normalization])
        arrays = _write(arrays, t, distinct_gradients(equations, recurrence, gates, recurrent, product))
        held = [tf.where(valid, new, old) for new, old in zip(direct, gradient)]
        of_state = _visible(recurrence, _product(product, recurrence.kernel))
        return k + 1, [held[0] + of_state, *held[1:]], arrays

    arrays = [_array(outputs_gradient, size) for _ in distinct_gradients(equations, recurrence, 0, 0, 0)]
    _, gradient, arrays = tf.while_loop(lambda k, *_: k < num_steps, body, (0, list(state_gradient), arrays))
    return gradient, [array.stack() for array in arrays]


def distinct_gradients(equations, recurrence, of_gates, of_recurrent, of_product):
    """Those of the three that differ from the one before."""
    second = [of_recurrent] if equations.recurrent_gradient_differs else []
    return [of_gates, *second, *([] if recurrence.gain is None else [of_product])]


def _recur(recurrence, hidden):
    """What a state `[B, H]` adds to the gates, and what the way back needs of its normalisation."""
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
    """state @ kernel in the kernel's dtype, returned in the state's."""
    return tf.cast(tf.matmul(tf.cast(state, kernel.dtype), kernel), state.dtype)


def _array(like, size):
    return tf.TensorArray(like.dtype, CHUNK, element_shape=[like.shape[0], size])


def _write(arrays, t, values):
    return [array.write(t, value) for array, value in zip(arrays, values)]
