"""Chunkwise execution of cells with a matrix state: chunks of frames as matmuls, then one step per chunk.

Inside of a chunk, what a frame recalls is a triangular product of its query with all keys before it; between chunks the
memory is handed on. Nothing is larger than `[CHUNK, CHUNK]` per chunk and head, so that memory grows as T does.
"""

from typing import NamedTuple

import tensorflow as tf

from seqapp.rnn.cells.matrix_cell import MatrixCell

CHUNK = 32  # frames; a shorter sequence is one chunk of its own length


def can_chunk(cell) -> bool:
    """Tell whether a cell has a matrix for a state."""
    return cell.is_matrix


def chunkwise(
    cell: MatrixCell, gates, mask, initial_state: list, reverse: bool = False, keep=None
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Run a cell with a matrix state by chunks of frames. Arguments and results are those of `loop`.

    With G the sum of log decays since the chunk began and S the memory before it, a frame i recalls

        exp(G_i) S^T q_i + sum over j <= i of exp(G_i - G_j) (q_i . k_j) w_j

    where w_j is what frame j stores (Dao and Gu, 2024, section 6). Exponents are never above 0. Under the delta rule w
    depends on S and on what was stored before it; with L_ij = strength_i exp(G_i - G_j) (k_i . k_j) for j < i

        w = (1 + L)^-1 strength (v - exp(G) S^T k)

    is one triangular system for all frames of a chunk (Yang et al., Parallelizing linear transformers with the delta
    rule over sequence length, 2024, https://arxiv.org/abs/2406.06484, section 3.2), linear in S.

    Raises:
        ValueError: If the cell has no matrix for a state.
    """
    if not can_chunk(cell):
        raise ValueError(
            "execution='chunkwise' needs a cell with a matrix for a state. "
            f"Received: {type(cell).__name__}. Use execution='auto', or a cell such as Mamba2Cell."
        )
    if reverse:
        gates, mask = tf.reverse(gates, [1]), tf.reverse(mask, [1])
    frames = cell.associations(gates, None if keep is None else keep[:, tf.newaxis])
    recalled, last = _recall_all(frames, mask, initial_state[0])
    outputs = cell.readout(gates, recalled)
    outputs = tf.where(mask[:, :, tf.newaxis], outputs, tf.zeros_like(outputs))
    return tf.reverse(outputs, [1]) if reverse else outputs, [last]


class _Chunks(NamedTuple):
    """Associations by chunk: M chunks of C frames."""

    log_decay: tf.Tensor  # [B, M, N, C, 1], since the chunk began
    key: tf.Tensor  # [B, M, 1, C, K]
    value: tf.Tensor  # [B, M, N, C, V]
    query: tf.Tensor  # [B, M, 1, C, K]
    strength: tf.Tensor | None  # [B, M, N, C, 1]


def _recall_all(frames, mask, initial):
    """Return what all frames recall, `[B, T, N, V]`, and the last state, `[B, H * K]` as the initial one is."""
    chunks, num_frames = _cut(_masked(frames, mask))
    heads, head_size, key_size = *chunks.value.shape[2:5:2], chunks.key.shape[4]
    from_start = tf.exp(chunks.log_decay)
    key_to_end = chunks.key * tf.exp(chunks.log_decay[..., -1:, :] - chunks.log_decay)
    weights = _decays_between(chunks.log_decay)
    transition = from_start[..., -1:, :]
    stored, erased = chunks.value, None
    if chunks.strength is not None:
        stored, erased = _replace(chunks, weights, from_start)
        kept = transition * tf.eye(key_size, dtype=transition.dtype)
        transition = kept - tf.matmul(key_to_end, erased, transpose_a=True)
    writes = tf.matmul(key_to_end, stored, transpose_a=True)
    start = tf.reshape(initial, [-1, heads, key_size, head_size])
    starts, last = memories(_swap(transition), _swap(writes), start)
    starts = _swap(starts)
    stored = stored if erased is None else stored - tf.matmul(erased, starts)
    likeness = tf.matmul(chunks.query, chunks.key, transpose_b=True)
    recalled = tf.matmul(likeness * weights, stored) + tf.matmul(chunks.query * from_start, starts)
    return _join(recalled, num_frames), tf.reshape(last, [-1, initial.shape[1]])


def _masked(frames, mask):
    """Let frames that the mask `[B, T]` hides leave the memory as it is: nothing fades, and keys are zero."""
    valid = mask[:, :, tf.newaxis]
    log_decay, key = (tf.where(valid, x, tf.zeros_like(x)) for x in (frames.log_decay, frames.key))
    return frames._replace(log_decay=log_decay, key=key)


def _cut(frames):
    """Cut into chunks, at least one: no operation has to run over nothing. Return them and T."""
    num_frames = tf.shape(frames.key)[1] if frames.key.shape[1] is None else frames.key.shape[1]
    count = tf.maximum(-(-num_frames // CHUNK), 1)
    size = tf.maximum(-(-num_frames // count), 1)
    padding = [[0, 0], [0, count * size - num_frames]]

    def cut(x, by_head):
        x = tf.pad(x, padding + [[0, 0]] * (len(x.shape) - 2))
        x = tf.reshape(x, [-1, count, size, *x.shape[2:]])
        if not by_head:
            return x[:, :, tf.newaxis]
        return tf.transpose(x if len(x.shape) == 5 else x[..., tf.newaxis], [0, 1, 3, 2, 4])

    strength = None if frames.strength is None else cut(frames.strength, True)
    log_decay = tf.cumsum(cut(frames.log_decay, True), axis=3)
    key, query = cut(frames.key, False), cut(frames.query, False)
    return _Chunks(log_decay, key, cut(frames.value, True), query, strength), num_frames


def _join(x, num_frames):
    """Join chunks `[B, M, N, C, V]` to `[B, T, N, V]`."""
    x = tf.transpose(x, [0, 1, 3, 2, 4])
    return tf.reshape(x, [tf.shape(x)[0], -1, *x.shape[3:]])[:, :num_frames]


def _swap(x):
    """Exchange batch and chunks: `[B, M, ...]` and `[M, B, ...]`."""
    return tf.transpose(x, [1, 0, 2, 3, 4])


def _decays_between(log_decay):
    """Return what is left at frame i of what frame j stored, `[..., C, C]`; 0 where j comes after i."""
    frame = tf.range(tf.shape(log_decay)[-2])
    past = tf.where(frame[:, tf.newaxis] >= frame, tf.zeros([], log_decay.dtype), log_decay.dtype.min / 2)
    return tf.exp(log_decay - tf.linalg.matrix_transpose(log_decay) + past)


def _replace(chunks, weights, from_start):
    """Solve for what the delta rule stores, were the memory empty before the chunk, and what it erases of the memory.

    Returns:
        stored: Float `[B, M, N, C, V]`.
        erased: Float `[B, M, N, C, K]`: times the memory before the chunk, what is not stored because of it.
    """
    between = chunks.strength * weights * tf.matmul(chunks.key, chunks.key, transpose_b=True)
    system = tf.linalg.set_diag(between, tf.ones_like(between[..., 0]))
    sides = chunks.strength * tf.concat([chunks.value, chunks.key * from_start], axis=-1)
    solution = tf.linalg.triangular_solve(system, sides)
    return tf.split(solution, [chunks.value.shape[4], chunks.key.shape[4]], axis=-1)


@tf.custom_gradient
def memories(transitions, writes, start) -> tuple:
    """Compute the memories before all chunks, S_{m+1} = P_m S_m + W_m.

    The backward pass is the same recurrence run the other way, with G_m the gradient of S_m,

        G_m = dS_m + P_m^T G_{m+1},    dW_m = G_{m+1},    dP_m = G_{m+1} S_m^T

    Args:
        transitions: Float `[M, B, N, K, K]`, or `[M, B, N, 1, 1]` where a memory is scaled as a whole.
        writes: Float `[M, B, N, K, V]`, M > 0.
        start: Float `[B, N, K, V]`.

    Returns:
        starts: Float `[M, B, N, K, V]`, the memory before each chunk.
        last: Float `[B, N, K, V]`, the one after the last chunk.
    """
    starts, last = _run(transitions, writes, start, reverse=False)

    def gradient(starts_gradient, last_gradient):
        behind, of_start = _run(transitions, starts_gradient, last_gradient, reverse=True)
        if transitions.shape[-1] == 1:
            of_transitions = tf.reduce_sum(behind * starts, axis=[3, 4], keepdims=True)
        else:
            of_transitions = tf.matmul(behind, starts, transpose_b=True)
        return of_transitions, behind, of_start

    return (starts, last), gradient


def _run(transitions, writes, state, reverse):
    """Return the state before each step, in its place, and the one after the last step read."""
    count = tf.shape(writes)[0]
    before = tf.TensorArray(writes.dtype, count, element_shape=writes.shape[1:])

    def body(k, before, state):
        m = count - 1 - k if reverse else k
        scaled = _times(transitions[m], state, reverse) + writes[m]
        return k + 1, before.write(m, state), scaled

    _, before, state = tf.while_loop(lambda k, *_: k < count, body, (0, before, state), maximum_iterations=count)
    return before.stack(), state


def _times(transition, state, transpose):
    is_scalar = transition.shape[-1] == 1
    return transition * state if is_scalar else tf.matmul(transition, state, transpose_a=transpose)
