"""Forward and backward pass over a CTC lattice, chunk by chunk, for the loss and the forced alignment."""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.chunk import backward_chunk, forward_chunk
from seqapp.ctc.lattice import CHUNK, IMPOSSIBLE, Lattice
from seqapp.ctc.semiring import Semiring


class ForwardPass(NamedTuple):
    """What `forward_pass` returns; C chunks, B rows, W states, N places.

    Attributes:
        log_p: Float32 `[B]`, of the labels (of their best path); IMPOSSIBLE or less where there is no path.
        last_blank: Float32 `[B, W]`, part of each blank in the ends of the paths.
        last_label: Float32 `[B, W]`, part of each label.
        blanks: Float32 `[C, CHUNK, N]`, log-probabilities before each frame, but for a constant per chunk and row.
        labels: Float32 `[C, CHUNK, N]`.
    """

    log_p: tf.Tensor
    last_blank: tf.Tensor
    last_label: tf.Tensor
    blanks: tf.Tensor
    labels: tf.Tensor


def forward_pass(lattice: Lattice, label_length, semiring: Semiring) -> ForwardPass:
    """Compute the log-probabilities of all states from the first frame to the last.

    Each row's largest is taken out between chunks and kept apart: float32 resolves steps of 1e-4 at -1000, and what
    stays is no smaller than what a chunk's frames cost.
    """
    width = tf.shape(lattice.one_hot)[1]
    blank = lattice.flatten(tf.where(tf.range(width) == 0, 0.0, IMPOSSIBLE), IMPOSSIBLE)
    start = (0, blank, tf.fill(tf.shape(blank), IMPOSSIBLE), tf.zeros(tf.shape(lattice.one_hot)[:1]))

    def body(c, blank, label, taken_out, saved):
        steps = _steps(lattice, c)
        emission = lattice.blank_emission[c], lattice.label_emission[c]
        blank, label, *states = forward_chunk(semiring, *emission, *steps, blank, label)
        largest = tf.reduce_max(lattice.unflatten(tf.maximum(blank, label)), axis=1)
        shift = lattice.flatten(largest[:, tf.newaxis])
        saved = [array.write(c, state) for array, state in zip(saved, states)]
        return c + 1, *_of_places(lattice, blank - shift, label - shift), taken_out + largest, saved

    num_chunks = tf.shape(lattice.label_emission)[0]
    _, blank, label, taken_out, saved = tf.while_loop(
        lambda c, *_: c < num_chunks, body, (*start, [_array(lattice), _array(lattice)])
    )
    log_p, last_blank, last_label = _ends(lattice, label_length, semiring, blank, label)
    return ForwardPass(log_p + taken_out, last_blank, last_label, *(array.stack() for array in saved))


def label_occupancy(lattice: Lattice, forward: ForwardPass, semiring: Semiring) -> tf.Tensor:
    """Compute the probability of standing in each label in each frame, given the labels (on the best path: 0 or 1).

    Args:
        lattice: `Lattice`.
        forward: The `ForwardPass` over it.
        semiring: The one it was made with.

    Returns:
        Float32 `[T, B, W]`. Behind a row's length stands what its last frame has.
    """
    num_chunks = tf.shape(lattice.label_emission)[0]
    start = lattice.flatten(forward.last_blank), lattice.flatten(forward.last_label)

    def body(k, blank, label, occupancy):
        c = num_chunks - 1 - k
        states = forward.blanks[c], forward.labels[c]
        blank, label, of_chunk = backward_chunk(semiring, *states, *_steps(lattice, c), blank, label)
        return k + 1, *_of_places(lattice, blank, label), occupancy.write(c, of_chunk)

    loop = tf.while_loop(lambda k, *_: k < num_chunks, body, (0, *start, _array(lattice)))
    return lattice.by_frame(loop[3].stack())


def _of_places(lattice, *values):
    """Restore the known shape: a chunk traced for several numbers of places forgets it, and a loop needs it."""
    return [tf.ensure_shape(x, lattice.skip.shape) for x in values]


def _steps(lattice, c):
    """Return the arguments that say where chunk `c` of a lattice may go, and how far."""
    first_frame = c * CHUNK
    num_steps = tf.minimum(CHUNK, lattice.num_frames - first_frame)
    return lattice.skip, lattice.is_first, lattice.logit_length - first_frame, num_steps


def _ends(lattice, label_length, semiring, blank, label):
    """Return the log-probability of both ends of a path, in the last label or the blank behind it, and their parts."""
    length = tf.cast(label_length, tf.int32)[:, tf.newaxis]
    place = tf.range(tf.shape(lattice.one_hot)[1])
    blank = tf.where(place == length, lattice.unflatten(blank), IMPOSSIBLE)
    label = tf.where(place == length - 1, lattice.unflatten(label), IMPOSSIBLE)
    ways = [tf.reduce_max(x, axis=1, keepdims=True) for x in (blank, label)]
    blank_share, label_share = semiring.shares(*ways)
    last_blank = tf.where(place == length, blank_share, 0.0)
    last_label = tf.where(place == length - 1, label_share, 0.0)
    return semiring.join(*ways)[:, 0], last_blank, last_label


def _array(lattice):
    num_chunks = tf.shape(lattice.label_emission)[0]
    return tf.TensorArray(tf.float32, num_chunks, element_shape=[CHUNK, lattice.skip.shape[0]])
