"""A chunk of frames, forward and backward: what XLA compiles, once a batch size and whatever the lengths.

The shapes are fixed (CHUNK frames), the number of frames run is not: it is an argument, so that the last chunk of
a sequence costs what it holds, and no second compilation.
"""

import tensorflow as tf

CHUNK = 64  # frames; 32, 128 and 512 took the same time on a plain CPU, and memory is padded to a multiple


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def forward_chunk(equations, reverse, units, gates, mask, num_steps, state, kernel, bias):
    """Run `num_steps` frames.

    Args:
        equations: A module with `forward`, such as `lstm`.
        reverse: Read from the last frame to the first.
        units: H, a Python number: TensorFlow must not mix the traces of two sizes into one that knows neither.
        gates: Float `[B, CHUNK, G*H]`.
        mask: Bool `[B, CHUNK]`.
        num_steps: int32 `[]`, frames that hold anything, from 0 to CHUNK.
        state: List of float `[B, H]`.
        kernel: Float `[H, G*H]`, in the compute dtype.
        bias: Float `[G*H]`, added to the recurrent product.

    Returns:
        state: List of float `[B, H]`.
        results: List of outputs `[CHUNK, B, H]`, saved `[CHUNK, B, num_saved*H]`, and the state before each frame, a
            list of `[CHUNK, B, H]`, one after the other.
    """
    sizes = [units, equations.num_saved * units, *[units] * len(state)]

    def body(k, state, arrays):
        t = num_steps - 1 - k if reverse else k
        valid = mask[:, t, tf.newaxis]
        new_state, saved = equations.forward(gates[:, t], _product(state[0], kernel) + bias, state)
        output = tf.where(valid, new_state[0], tf.zeros_like(new_state[0]))
        arrays = _write(arrays, t, [output, saved, *state])
        return k + 1, [tf.where(valid, new, old) for new, old in zip(new_state, state)], arrays

    arrays = [_array(gates, part) for part in sizes]
    _, state, arrays = tf.while_loop(lambda k, *_: k < num_steps, body, (0, list(state), arrays))
    return state, [array.stack() for array in arrays]


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def backward_chunk(equations, reverse, units, saved, states, mask, outputs_gradient, num_steps, state_gradient, kernel):
    """The derivative of `forward_chunk`, but for the weights.

    Args:
        equations: As above, with `backward`.
        reverse: As above.
        units: As above.
        saved: Float `[CHUNK, B, num_saved*H]`.
        states: List of float `[CHUNK, B, H]`, before each frame.
        mask: Bool `[B, CHUNK]`.
        outputs_gradient: Float `[B, CHUNK, H]`.
        num_steps: int32 `[]`.
        state_gradient: List of float `[B, H]`, with respect to the chunk's final state.
        kernel: Float `[G*H, H]`, transposed, in the compute dtype.

    Returns:
        state_gradient: List of float `[B, H]`, with respect to the chunk's initial state.
        results: List of the gradients `[CHUNK, B, G*H]` of the gates and, where it differs, of the recurrent product.
    """
    size = kernel.shape[0]

    def body(k, gradient, arrays):
        t = k if reverse else num_steps - 1 - k
        valid = mask[:, t, tf.newaxis]
        total = [gradient[0] + outputs_gradient[:, t], *gradient[1:]]
        gates, recurrent, direct = equations.backward(saved[t], [state[t] for state in states], total)
        gates, recurrent = (tf.where(valid, g, tf.zeros_like(g)) for g in (gates, recurrent))
        arrays = _write(arrays, t, [gates, recurrent])  # the second is left out where there is one array only
        held = [tf.where(valid, new, old) for new, old in zip(direct, gradient)]
        return k + 1, [held[0] + _product(recurrent, kernel), *held[1:]], arrays

    arrays = [_array(outputs_gradient, size) for _ in range(1 + equations.recurrent_gradient_differs)]
    _, gradient, arrays = tf.while_loop(lambda k, *_: k < num_steps, body, (0, list(state_gradient), arrays))
    return gradient, [array.stack() for array in arrays]


def _product(state, kernel):
    """state @ kernel in the kernel's dtype, returned in the state's."""
    return tf.cast(tf.matmul(tf.cast(state, kernel.dtype), kernel), state.dtype)


def _array(like, size):
    return tf.TensorArray(like.dtype, CHUNK, element_shape=[like.shape[0], size])


def _write(arrays, t, values):
    return [array.write(t, value) for array, value in zip(arrays, values)]
