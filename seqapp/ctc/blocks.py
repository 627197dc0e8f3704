"""CTC recursion in blocks of frames, all blocks side by side: few steps one after the other, at any length.

The loop of `passes` has a step per frame, and each step costs a GPU several launches, however little it holds. Here the
frames are cut into C blocks of BLOCK. What a block does to any state before it is computed for all blocks at once
(BLOCK steps), the states between the blocks follow one after the other (C steps), and the states inside of the blocks
again for all blocks at once (BLOCK steps); the way back is the same. That is more arithmetic than the loop's: on a CPU
the loop is faster.

A block moves a path by at most BLOCK places, so that what it does is a band: `[BLOCK + 1]` distances, not `[W]`.
"""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE, impossible_unless, label_emissions
from seqapp.ctc.semiring import LogSum

BLOCK = 16  # frames: the fewest kernels for some 400 frames, which take BLOCK steps and 400 / BLOCK, several times each


class _Frames(NamedTuple):
    """What each frame of each block gives; C blocks, B rows, W places of a blank and a label each, as in `Lattice`.

    Attributes:
        blank: Float32 `[BLOCK, C, B, 1]`, log-probability of the blank.
        label: Float32 `[BLOCK, C, B, W]`, of the labels.
        valid: Bool `[BLOCK, C, B, 1]`.
        skip: Float32 `[B, W]`, 0 where the label before may come right before a label, else IMPOSSIBLE.
    """

    blank: tf.Tensor
    label: tf.Tensor
    valid: tf.Tensor
    skip: tf.Tensor


def block_recursion(log_probs, valid, labels, label_length):
    """Compute the log-probability of the labels, and where their paths stand in each frame.

    Args:
        log_probs: Float32 `[B, T, K]`, finite, the blank last.
        valid: Bool `[B, T]`, the frames within each row's length.
        labels: Int `[B, U]`, classes in [0, K - 1), padded with anything.
        label_length: Int `[B]`.

    Returns:
        log_p: Float32 `[B]`; IMPOSSIBLE or less where there is no path.
        occupancy: Function without arguments that gives float32 `[B, T, K]`: the probability of standing in each label
            in each frame, given all of them; that of the blank is not there (0).
    """
    emission, skip, one_hot = label_emissions(log_probs, labels, label_length)
    num_frames = tf.shape(log_probs)[1]
    frames = _Frames(
        blank=_blocks(tf.transpose(log_probs[:, :, -1:], [1, 0, 2])),
        label=_blocks(emission),
        valid=_blocks(tf.transpose(valid)[:, :, tf.newaxis]),
        skip=skip,
    )
    place = tf.range(tf.shape(skip)[1])
    length = tf.cast(label_length, tf.int32)[:, tf.newaxis]
    is_first = tf.broadcast_to(place == 0, tf.shape(skip))
    start = impossible_unless(tf.stack([is_first, tf.zeros_like(is_first)]))
    end = impossible_unless(tf.stack([place == length, place == length - 1]))
    effects = _effects(frames)
    before, last, taken_out = _scan(effects, start, 1)
    log_p = tf.reduce_logsumexp(last + end, axis=[0, 2]) + taken_out

    def occupancy():
        behind, _, _ = _scan(_turned(effects), end, -1)
        alphas = _inside(frames, before, _advance, reverse=False)
        betas = _inside(frames, behind, _go_back, reverse=True)
        paths = alphas + betas  # [BLOCK, 2, C, B, W]
        shares = tf.exp(paths - tf.reduce_max(paths, axis=[1, 4], keepdims=True))
        of_labels = shares[:, 1] / tf.reduce_sum(shares, axis=[1, 4])[..., tf.newaxis]
        return tf.einsum("tbu,buk->btk", _unblocked(of_labels)[:num_frames], one_hot)

    return log_p, occupancy


def _blocks(x):
    """Cut `[T, B, W]` into `[BLOCK, C, B, W]`, C at least 1; zeros, or False, behind the last frame."""
    shape = tf.shape(x)
    num_blocks = tf.maximum(1, -(-shape[0] // BLOCK))
    x = tf.pad(x, [[0, num_blocks * BLOCK - shape[0]], [0, 0], [0, 0]])
    return tf.transpose(tf.reshape(x, [num_blocks, BLOCK, shape[1], shape[2]]), [1, 0, 2, 3])


def _unblocked(x):
    shape = tf.shape(x)
    return tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [-1, shape[2], shape[3]])


def _effects(frames):
    """Compute what each block does: log-probability of all paths from one place before it to another behind it.

    Returns:
        Float32 `[2, 2, BLOCK + 1, C, B, W]`: by kind of the place behind (blank, label), by kind of the place before,
        by how many places that lies to the left.
    """
    shape = tf.concat([[BLOCK + 1], tf.shape(frames.label)[1:]], axis=0)
    stays = tf.reshape(impossible_unless(tf.range(BLOCK + 1) == 0), [-1, 1, 1, 1])
    stays = tf.broadcast_to(stays, shape)
    never = tf.fill(shape, IMPOSSIBLE)
    start = tf.stack([tf.stack([stays, never]), tf.stack([never, stays])])
    # One place further, and one place further from where the path began.
    nearer = [[0, 0], [1, 0], [0, 0], [0, 0], [1, 0]]

    def body(k, effects):
        moved = tf.pad(effects[1], nearer, constant_values=IMPOSSIBLE)[:, :-1, :, :, :-1]
        return k + 1, _join_frame(frames, k, effects, moved)

    return _loop(BLOCK, body, start)[0]


def _join_frame(frames, k, states, from_left):
    """Advance states `[2, ..., C, B, W]` (blanks, labels) by a frame."""
    blank, label = states[0], states[1]
    new_blank = LogSum.join(blank, from_left) + frames.blank[k]
    new_label = LogSum.join(label, blank, from_left + frames.skip) + frames.label[k]
    return tf.where(frames.valid[k], tf.stack([new_blank, new_label]), states)


def _advance(frames, k, states):
    """Return the states behind frame `k` of each block, `[2, C, B, W]`, and the same to keep."""
    states = _join_frame(frames, k, states, _shifted(states[1], 1))
    return states, states


def _go_back(frames, k, states):
    """Return what follows each place from frame `k` on, `[2, C, B, W]`; keep what follows it behind that frame."""
    blank = states[0] + frames.blank[k]
    label = states[1] + frames.label[k]
    new_blank = LogSum.join(blank, label)
    new_label = LogSum.join(label, _shifted(blank, -1), _shifted(label + frames.skip, -1))
    return tf.where(frames.valid[k], tf.stack([new_blank, new_label]), states), states


def _inside(frames, start, step, reverse):
    """Run through all blocks side by side from the states that each begins with; `[BLOCK, 2, C, B, W]`."""

    def body(k, states, kept):
        frame = BLOCK - 1 - k if reverse else k
        states, keep = step(frames, frame, states)
        return k + 1, states, kept.write(frame, keep)

    start = tf.transpose(start, [1, 0, 2, 3])
    kept = tf.TensorArray(tf.float32, BLOCK, element_shape=start.shape)
    return _loop(BLOCK, body, start, kept)[1].stack()


def _scan(effects, start, direction):
    """Go from block to block; each row's largest is taken out, so that float32 resolves what is left.

    Args:
        effects: Float32 `[2, 2, BLOCK + 1, C, B, W]`: by kind of the place arrived at, by kind of the one left, by
            their distance.
        start: Float32 `[2, B, W]`.
        direction: 1: from the first block to the last, places on the left are left for those on the right; or -1.

    Returns:
        states: Float32 `[C, 2, B, W]`, those that each block is entered with, but for a constant per block and row.
        last: Float32 `[2, B, W]`, behind the last one.
        taken_out: Float32 `[B]`.
    """
    num_blocks = tf.shape(effects)[3]

    def body(k, state, taken_out, states):
        block = k if direction > 0 else num_blocks - 1 - k
        left = tf.stack([_shifted(state, direction * distance) for distance in range(BLOCK + 1)], axis=1)
        arrived = tf.reduce_logsumexp(tf.gather(effects, block, axis=3) + left, axis=[1, 2])
        largest = tf.reduce_max(arrived, axis=[0, 2])
        return k + 1, arrived - largest[:, tf.newaxis], taken_out + largest, states.write(block, state)

    states = tf.TensorArray(tf.float32, num_blocks, element_shape=start.shape)
    last, taken_out, states = _loop(num_blocks, body, start, tf.zeros(tf.shape(start)[1:2]), states)
    return states.stack(), last, taken_out


def _turned(effects):
    """Turn `_effects` around: by kind of the place before, by kind of the one behind; W is the place before."""
    turned = [_shifted(effects[:, :, distance], -distance) for distance in range(BLOCK + 1)]
    return tf.transpose(tf.stack(turned, axis=2), [1, 0, 2, 3, 4, 5])


def _shifted(x, places):
    """Move the last axis by a Python number of places to the right; IMPOSSIBLE comes in."""
    beside = [[0, 0]] * (x.shape.rank - 1)
    if places < 0:
        return tf.pad(x, [*beside, [0, -places]], constant_values=IMPOSSIBLE)[..., -places:]
    width = tf.shape(x)[-1]
    return tf.pad(x, [*beside, [places, 0]], constant_values=IMPOSSIBLE)[..., :width]


def _loop(count, body, *variables):
    _, *variables = tf.while_loop(lambda k, *_: k < count, body, (0, *variables), maximum_iterations=count)
    return variables
