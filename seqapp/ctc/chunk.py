"""Compiled CTC recursion over one chunk of frames, forward and backward: one XLA program per number of states.

Plain operations would cost a dozen kernels per frame on a few thousand numbers, most of it spent between them, and far
more on a busy machine. The number of frames run is an argument: the last chunk costs what it holds.
"""

import tensorflow as tf

from seqapp.ctc.lattice import CHUNK, IMPOSSIBLE


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def forward_chunk(semiring, blank_emission, label_emission, skip, is_first, logit_length, num_steps, blank, label):
    """Advance the log-probabilities of all states by `num_steps` frames.

    Args:
        semiring: `LogSum` or `Maximum`.
        blank_emission: Float32 `[CHUNK, N]`, as in `Lattice`.
        label_emission: Float32 `[CHUNK, N]`.
        skip: Float32 `[N]`.
        is_first: Bool `[N]`.
        logit_length: Int32 `[N]`, counted from this chunk's first frame; behind it a state is held.
        num_steps: Int32 `[]`, 0 to CHUNK.
        blank: Float32 `[N]`, log-probability of the paths that stand in a blank.
        label: Float32 `[N]`, in a label.

    Returns:
        blank, label: After the last frame.
        blanks, labels: Float32 `[CHUNK, N]`, before each frame.
    """

    def body(k, blank, label, blanks, labels):
        blanks = blanks.write(k, blank)
        labels = labels.write(k, label)
        previous = _from_left(label, is_first)
        new_blank = semiring.join(blank, previous) + blank_emission[k]
        new_label = semiring.join(label, blank, previous + skip) + label_emission[k]
        valid = k < logit_length
        return k + 1, tf.where(valid, new_blank, blank), tf.where(valid, new_label, label), blanks, labels

    start = (0, blank, label, _array(blank), _array(label))
    _, blank, label, blanks, labels = tf.while_loop(lambda k, *_: k < num_steps, body, start)
    return blank, label, blanks.stack(), labels.stack()


@tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
def backward_chunk(semiring, blanks, labels, skip, is_first, logit_length, num_steps, blank, label):
    """Hand the occupancy of all states back by `num_steps` frames, shared among the ways that led to each.

    Args:
        semiring: As above.
        blanks: Float32 `[CHUNK, N]`, from `forward_chunk`.
        labels: Float32 `[CHUNK, N]`, from `forward_chunk`.
        skip: As above.
        is_first: As above.
        logit_length: As above.
        num_steps: As above.
        blank: Float32 `[N]`, probability of having stood in a blank in the chunk's last frame, given the labels.
        label: Float32 `[N]`, in a label.

    Returns:
        blank, label: The same before the chunk's first frame.
        occupancy: Float32 `[CHUNK, N]`, that of the labels in each frame.
    """

    def body(k, blank, label, occupancy):
        t = num_steps - 1 - k
        # Not labels[t]: XLA would take num_steps for a constant, and compile again for each number of frames.
        label_before = tf.gather(labels, t)
        blank_before = tf.gather(blanks, t)
        previous = _from_left(label_before, is_first)
        blank_stays, blank_steps = semiring.shares(blank_before, previous)
        label_stays, label_steps, label_skips = semiring.shares(label_before, blank_before, previous + skip)
        to_left = _to_left(blank_steps * blank + label_skips * label, is_first)
        valid = t < logit_length
        new_blank = tf.where(valid, blank_stays * blank + label_steps * label, blank)
        new_label = tf.where(valid, label_stays * label + to_left, label)
        return k + 1, new_blank, new_label, occupancy.write(t, label)

    start = (0, blank, label, _array(blank))
    _, blank, label, occupancy = tf.while_loop(lambda k, *_: k < num_steps, body, start)
    return blank, label, occupancy.stack()


def _from_left(x, is_first):
    """Return the neighbour before each place; none from another row, whatever stands there."""
    return tf.where(is_first, IMPOSSIBLE, tf.pad(x[:-1], [[1, 0]]))


def _to_left(x, is_first):
    """Shift each place to the one before, the inverse of `_from_left`; the first of a row has nowhere to give to."""
    return tf.pad(tf.where(is_first, 0.0, x)[1:], [[0, 1]])


def _array(like):
    return tf.TensorArray(like.dtype, CHUNK, element_shape=like.shape)
