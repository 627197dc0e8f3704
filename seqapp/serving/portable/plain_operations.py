"""What the network computes, by operations that LiteRT and ONNX have, and whose shapes their converters follow.

Converters cannot hold lists of tensors for an unknown number of frames, and lose the size of a batch, and even of
features, behind a padding or a cut of unknown size.
"""

import contextlib
from unittest import mock

import tensorflow as tf

REPLACED = {
    "seqapp.rnn.execution.parallel_scan.linear_scan": "doubling_scan",
    "tensorflow.pad": "pad",
    "tensorflow.slice": "cut",
    "tensorflow.ensure_shape": "unchecked",
}

PAD = tf.pad


@contextlib.contextmanager
def plain_operations():
    """Inside, what is traced consists of them; results are the same, gradients there are none."""
    with contextlib.ExitStack() as stack:
        for place, name in REPLACED.items():
            stack.enter_context(mock.patch(place, globals()[name]))
        yield


def doubling_scan(a, b, initial, reverse=False):
    """All states of h_t = a_t * h_{t-1} + b_t; arguments and results are those of `linear_scan`.

    Each frame knows the product of the last 1, 2, 4, ... steps: log2(T) passes over all frames.

    Reference: Hillis and Steele, Data parallel algorithms, 1986.
    """
    a, b = (tf.reverse(a, [1]), tf.reverse(b, [1])) if reverse else (a, b)
    num_frames = tf.shape(a)[1]

    def double(offset, a, b):
        delayed_a, delayed_b = (_delayed(x, offset, num_frames, filler) for x, filler in ((a, 1.0), (b, 0.0)))
        return 2 * offset, a * delayed_a, a * delayed_b + b

    _, a, b = tf.while_loop(lambda offset, *_: offset < num_frames, double, (1, a, b))
    hidden = a * initial[:, tf.newaxis] + b
    last = tf.concat([initial[:, tf.newaxis], hidden], axis=1)[:, -1]
    return (tf.reverse(hidden, [1]) if reverse else hidden), last


def pad(x, paddings, constant_values=0.0):
    """tf.pad, of `[B, T, F]` along time."""
    if len(paddings) != 3:
        return PAD(x, paddings, constant_values=constant_values)
    before, after = paddings[1]
    return tf.concat([_filled(x, before, constant_values), x, _filled(x, after, constant_values)], axis=1)


def cut(x, begin, size):
    """tf.slice `[B, T, F]` along time."""
    return x[:, begin[1] : begin[1] + size[1]]


def unchecked(x, shape):
    """tf.ensure_shape, which LiteRT has not: shapes are known here all the same."""
    return x


def _delayed(x, offset, num_frames, filler):
    """What stood `offset` frames before each frame."""
    return tf.concat([_filled(x, offset, filler), x], axis=1)[:, :num_frames]


def _filled(x, count, value):
    return tf.fill([x.shape[0] or tf.shape(x)[0], count, x.shape[2]], tf.cast(value, x.dtype))
