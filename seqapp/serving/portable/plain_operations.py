"""Operations that LiteRT and ONNX have, in place of those of the network, with shapes that converters follow.

Converters cannot hold lists of tensors for an unknown number of frames, and lose the size of a batch, and even of
features, behind a padding or a cut of unknown size.
"""

import contextlib
from unittest import mock

import tensorflow as tf

REPLACED = {
    "seqapp.rnn.execution.parallel_scan.linear_scan": "doubling_scan",
    "seqapp.rnn.execution.padding.zero_padding": "zero_padding",
    "tensorflow.pad": "pad",
    "tensorflow.slice": "cut",
    "tensorflow.ensure_shape": "unchecked",
}

PAD = tf.pad


@contextlib.contextmanager
def plain_operations():
    """Replace the operations of everything that is traced inside; results are the same, gradients there are none."""
    with contextlib.ExitStack() as stack:
        for place, name in REPLACED.items():
            stack.enter_context(mock.patch(place, globals()[name]))
        yield


def doubling_scan(a, b, initial, reverse: bool = False):
    """Compute all states of h_t = a_t * h_{t-1} + b_t; arguments and results are those of `linear_scan`.

    Each frame knows the product of the last 1, 2, 4, ... steps: log2(T) passes over all frames.

    Reference: Hillis and Steele, Data parallel algorithms, 1986.
    """
    if reverse:
        a = tf.reverse(a, [1])
        b = tf.reverse(b, [1])
    num_frames = tf.shape(a)[1]

    def double(offset, a, b):
        delayed_a = _delayed(a, offset, num_frames, 1.0)
        delayed_b = _delayed(b, offset, num_frames, 0.0)
        return 2 * offset, a * delayed_a, a * delayed_b + b

    _, a, b = tf.while_loop(lambda offset, *_: offset < num_frames, double, (1, a, b))
    hidden = a * initial[:, tf.newaxis] + b
    last = tf.concat([initial[:, tf.newaxis], hidden], axis=1)[:, -1]
    return (tf.reverse(hidden, [1]) if reverse else hidden), last


def zero_padding(frames, mask):
    """Zero frames `[B, T, H]` where the mask `[B, T]` is False, without a branch."""
    return tf.where(mask[:, :, tf.newaxis], frames, tf.zeros_like(frames))


def pad(x, paddings, constant_values: float = 0.0):
    """Pad as tf.pad, `[B, T, F]` along time."""
    if len(paddings) != 3:
        return PAD(x, paddings, constant_values=constant_values)
    before, after = paddings[1]
    return tf.concat([_filled(x, before, constant_values), x, _filled(x, after, constant_values)], axis=1)


def cut(x, begin, size):
    """Slice as tf.slice, `[B, T, F]` along time."""
    return x[:, begin[1] : begin[1] + size[1]]


def unchecked(x, shape):
    """Pass on as tf.ensure_shape, which LiteRT has not: shapes are known here all the same."""
    return x


def _delayed(x, offset, num_frames, filler):
    """Delay all frames by `offset`."""
    return tf.concat([_filled(x, offset, filler), x], axis=1)[:, :num_frames]


def _filled(x, count, value):
    return tf.fill([x.shape[0] or tf.shape(x)[0], count, x.shape[2]], tf.cast(value, x.dtype))
