"""Scan of linear recurrences for a forward pass: chunks of frames side by side, then the chunks one after the other."""

import tensorflow as tf

from seqapp.rnn.execution.parallel_scan import chunk_steps, differentiable

CHUNK = 16  # frames advanced side by side
TURN = 16  # chunks that one turn of a loop runs through


def all_states(a, b, initial, reverse: bool) -> tf.Tensor:
    """Compute all states of h_t = a_t * h_{t-1} + b_t, with the gradient of `linear_scan`.

    As `chunked_scan`, but no second level is built over the chunks: a single row of some seconds has 16 of them, which
    one turn of a loop has sooner run through. Where rows are few, an operation costs about what it computes.

    Args:
        a: Float `[B, T, H]`.
        b: Float `[B, T, H]`.
        initial: Float `[B, H]`, the state before the frame read first.
        reverse: Read from the last frame to the first.

    Returns:
        Float `[B, T, H]`, h at its frame.
    """

    @tf.custom_gradient
    def states(a, b, initial):
        return differentiable(_scan(a, b, initial, reverse), a, b, initial, reverse)

    return states(a, b, initial)


def _scan(a, b, initial, reverse):
    num_frames, num_units = tf.shape(a)[1], a.shape[2]
    padding = [[0, 0], [0, -num_frames % CHUNK], [0, 0]]
    a_steps = chunk_steps(tf.pad(a, padding, constant_values=1), num_units, CHUNK)
    b_steps = chunk_steps(tf.pad(b, padding), num_units, CHUNK)
    order = range(CHUNK)[::-1] if reverse else range(CHUNK)

    chunk_a, chunk_b = a_steps[order[0]], b_steps[order[0]]
    for k in order[1:]:
        chunk_a = a_steps[k] * chunk_a
        chunk_b = a_steps[k] * chunk_b + b_steps[k]

    hidden = _starts(chunk_a, chunk_b, initial, reverse)
    steps = [None] * CHUNK
    for k in order:
        hidden = steps[k] = a_steps[k] * hidden + b_steps[k]
    hidden = tf.stack(steps, axis=2)
    return tf.reshape(hidden, [tf.shape(a)[0], -1, num_units])[:, :num_frames]


def _starts(a, b, initial, reverse):
    """Return the state before each chunk, `[B, N, H]`, from what chunks do to a state, each `[B, N, H]`."""
    count = tf.shape(a)[1]
    num_turns = tf.maximum(-(-count // TURN), 1)  # XLA and TensorArray cannot read, write or stack nothing
    padding = [[0, 0], [0, num_turns * TURN - count], [0, 0]]
    a, b = tf.pad(a, padding, constant_values=1), tf.pad(b, padding)
    starts = tf.cond(
        num_turns == 1,
        lambda: tf.stack(_turn(_first(a), _first(b), initial, reverse)[0], axis=1),
        lambda: _turns(a, b, initial, reverse, num_turns),
    )
    return starts[:, :count]


def _first(x):
    """Return the first TURN chunks of `[B, N, H]`, of a known number."""
    return tf.slice(x, [0, 0, 0], [-1, TURN, -1])


def _turns(a, b, initial, reverse, num_turns):
    """Run through all chunks, TURN of them per turn of a loop."""
    a, b = _by_turn(a, num_turns), _by_turn(b, num_turns)
    starts = tf.TensorArray(initial.dtype, num_turns, element_shape=[initial.shape[0], TURN, initial.shape[1]])

    def body(k, starts, state):
        t = num_turns - 1 - k if reverse else k
        before, behind = _turn(a.read(t), b.read(t), state, reverse)
        return k + 1, starts.write(t, tf.stack(before, axis=1)), behind[0 if reverse else -1]

    _, starts, _ = tf.while_loop(lambda k, *_: k < num_turns, body, (0, starts, initial), maximum_iterations=num_turns)
    starts = tf.transpose(starts.stack(), [1, 0, 2, 3])
    return tf.reshape(starts, [tf.shape(initial)[0], num_turns * TURN, initial.shape[1]])


def _by_turn(x, num_turns):
    """Cut `[B, N * TURN, H]` into a TensorArray of N `[B, TURN, H]`."""
    x = tf.transpose(tf.reshape(x, [tf.shape(x)[0], num_turns, TURN, x.shape[2]]), [1, 0, 2, 3])
    return tf.TensorArray(x.dtype, num_turns, element_shape=x.shape[1:]).unstack(x)


def _turn(a, b, state, reverse):
    """Run through TURN chunks `[B, TURN, H]`; return lists of the states `[B, H]` before and behind each."""
    a, b = tf.unstack(a, TURN, axis=1), tf.unstack(b, TURN, axis=1)
    before, behind = [None] * TURN, [None] * TURN
    for k in range(TURN)[::-1] if reverse else range(TURN):
        before[k] = state
        state = behind[k] = a[k] * state + b[k]
    return before, behind
