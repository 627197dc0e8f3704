"""Parallel scan of linear recurrences h_t = a_t * h_{t-1} + b_t: by chunks, with a closed backward pass."""

import tensorflow as tf

from seqapp.rnn.cells.linear_cell import LinearCell
from seqapp.rnn.execution.target import has_gpu

CHUNK = 16  # frames advanced side by side; measured best of 8, 16, 32 on a plain CPU
CPU_LEVELS = 2  # a CPU has run through T / 256 states sooner than it has built a third level
GPU_LEVELS = 4  # on a GPU every step of a loop costs some launches, however little it holds: none up to 65,536 frames


def parallel_scan(
    cell: LinearCell, gates, mask, initial_state: list, reverse: bool = False, keep=None
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a cell that is linear in its state by `linear_scan`. Arguments and results are those of `loop`.

    Raises:
        ValueError: If the cell is not a `LinearCell`.
    """
    if not cell.is_linear:
        raise ValueError(
            "execution='parallel_scan' needs a cell with h_t = a_t * h_{t-1} + b_t. "
            f"Received: {type(cell).__name__}, which multiplies its state by a matrix. "
            "Use execution='loop', or a linear cell such as MinGRUCell."
        )
    gates = tf.split(gates, cell.num_gates, axis=-1)
    valid = mask[:, :, tf.newaxis]
    a, b = cell.linear(gates, *cell.parameters)
    b = b if keep is None else b * tf.cast(keep[:, tf.newaxis], b.dtype)
    a = tf.where(valid, a, tf.ones_like(a))
    b = tf.where(valid, b, tf.zeros_like(b))
    hidden, last = linear_scan(a, b, cell.hidden_of(initial_state), reverse)
    outputs = cell.readout(gates, hidden)
    return tf.where(valid, outputs, tf.zeros_like(outputs)), cell.state_of(last, initial_state[0].dtype)


def linear_scan(a, b, initial, reverse: bool = False) -> tuple[tf.Tensor, tf.Tensor]:
    """Compute all states of h_t = a_t * h_{t-1} + b_t.

    The backward pass is the same recurrence run the other way (Martin and Cundy, 2018,
    https://arxiv.org/abs/1709.04057): with g_t the gradient of everything after and at t,

        g_t = dh_t + a_{t+1} g_{t+1},    db_t = g_t,    da_t = g_t h_{t-1},    dh_0 = a_1 g_1

    so that nothing but a and h is kept, and no loop is differentiated. Where they are complex, gradients of TensorFlow
    ask for their conjugates.

    Args:
        a: Float or complex `[B, T, H]`.
        b: Float or complex `[B, T, H]`.
        initial: Float or complex `[B, H]`, the state before the frame read first.
        reverse: Read from the last frame to the first.

    Returns:
        hidden: Float `[B, T, H]`, h at its frame.
        last: Float `[B, H]`, h after the frame read last (`initial` where T = 0).
    """
    hidden = all_states(a, b, initial, reverse)
    with_initial = _shift(hidden, initial, reverse)[1]
    return hidden, with_initial


@tf.custom_gradient
def _forward_scan(a, b, initial):
    return _differentiable(a, b, initial, reverse=False)


@tf.custom_gradient
def _backward_scan(a, b, initial):
    return _differentiable(a, b, initial, reverse=True)


def all_states(a, b, initial, reverse: bool) -> tf.Tensor:
    """Compute the first result of `linear_scan`."""
    # tf.custom_gradient takes tensors only, hence one function per direction.
    return _backward_scan(a, b, initial) if reverse else _forward_scan(a, b, initial)


def _differentiable(a, b, initial, reverse):
    return differentiable(chunked_scan(a, b, initial, reverse, _levels()), a, b, initial, reverse)


def _levels():
    return GPU_LEVELS if has_gpu() else CPU_LEVELS


def differentiable(hidden, a, b, initial, reverse: bool) -> tuple:
    """Return hidden `[B, T, H]`, and the function of its gradient, as `tf.custom_gradient` wants both."""

    def gradient(upstream):
        next_a, _ = _shift(tf.math.conj(a), tf.zeros_like(initial), not reverse)
        # The scan without a gradient of its own: were one nested in the other, a SavedModel could not hold it, and
        # would warn whenever it is loaded. A second derivative is left to TensorFlow.
        g = chunked_scan(next_a, upstream, tf.zeros_like(initial), not reverse, _levels())
        previous, _ = _shift(hidden, initial, reverse)
        _, initial_gradient = _shift(tf.math.conj(a) * g, tf.zeros_like(initial), not reverse)
        return g * tf.math.conj(previous), g, initial_gradient

    return hidden, gradient


def _shift(x, first, reverse):
    """Return the frame before each frame in reading order, `[B, T, H]`, and the one after the last, `[B, H]`."""
    first = first[:, tf.newaxis]
    if reverse:
        x = tf.concat([x, first], axis=1)
        return x[:, 1:], x[:, 0]
    x = tf.concat([first, x], axis=1)
    return x[:, :-1], x[:, -1]


def chunked_scan(a, b, initial, reverse: bool, levels: int) -> tf.Tensor:
    """Compute the recurrence itself, in plain operations.

    Time is cut into chunks of CHUNK frames. All chunks are reduced to one pair (A, B) side by side, the pairs are
    scanned (by the same method `levels - 1` times more, then by a loop), and each chunk is run from the state it
    starts with (Blelloch, Prefix sums and their applications, 1990). The work is linear in T, one operation follows
    another 2 * CHUNK * levels + T / CHUNK**levels times: with as many levels as log(T) / log(CHUNK), O(log T).
    """
    if levels == 0:
        return _sequential_scan(a, b, initial, reverse)
    num_frames = tf.shape(a)[1]
    num_units = a.shape[2]
    padding = [[0, 0], [0, -num_frames % CHUNK], [0, 0]]
    a_steps = chunk_steps(tf.pad(a, padding, constant_values=1), num_units, CHUNK)
    b_steps = chunk_steps(tf.pad(b, padding), num_units, CHUNK)
    order = range(CHUNK - 1, -1, -1) if reverse else range(CHUNK)

    chunk_a = a_steps[order[0]]
    chunk_b = b_steps[order[0]]
    for k in order[1:]:
        chunk_a = a_steps[k] * chunk_a
        chunk_b = a_steps[k] * chunk_b + b_steps[k]
    ends = chunked_scan(chunk_a, chunk_b, initial, reverse, levels - 1)

    hidden, _ = _shift(ends, initial, reverse)
    steps = [None] * CHUNK
    for k in order:
        hidden = steps[k] = a_steps[k] * hidden + b_steps[k]
    hidden = tf.stack(steps, axis=2)
    return tf.reshape(hidden, [tf.shape(a)[0], -1, num_units])[:, :num_frames]


def chunk_steps(x, num_units: int, size: int) -> list:
    """Cut `[B, N * size, H]` into `size` tensors `[B, N, H]`: the k-th frame of every chunk."""
    shape = tf.shape(x)
    return tf.unstack(tf.reshape(x, [shape[0], shape[1] // size, size, num_units]), axis=2)


def _sequential_scan(a, b, initial, reverse):
    num_steps = tf.shape(a)[1]
    # One more element than there are steps: where T = 0, TensorArray cannot stack, and XLA cannot read, nothing.
    a, b = (tf.pad(tf.transpose(x, [1, 0, 2]), [[0, 1], [0, 0], [0, 0]]) for x in (a, b))
    hidden = tf.TensorArray(a.dtype, num_steps + 1, element_shape=initial.shape)
    hidden = hidden.write(num_steps, tf.zeros_like(initial))

    def body(k, hidden, state):
        t = num_steps - 1 - k if reverse else k
        state = a[t] * state + b[t]
        return k + 1, hidden.write(t, state), state

    _, hidden, _ = tf.while_loop(lambda k, *_: k < num_steps, body, (0, hidden, initial), maximum_iterations=num_steps)
    return tf.transpose(hidden.stack()[:-1], [1, 0, 2])
