"""Base of convolutions over time: output frames that each read one window, whole or as a stream."""

import tensorflow as tf
from keras import layers

from seqapp.features.windows import Windows
from seqapp.rnn.execution import padding

FEW_FRAMES = 4  # up to so many known frames, computing all costs less than finding out at run time which are needed


class WindowedLayer(layers.Layer):
    """A layer whose output frame u reads the input frames from u * stride - left to u * stride + right.

    Padding is explicit and depends on the valid frames alone: TensorFlow's "same" depends on whether the padded T is
    even, so that padding a batch further would change its results. There are zeros on both sides of a row, and an
    output wherever the input frame u * stride exists.

    A subclass defines `on_windows(frames)`: float `[B, N, F]` with N >= left + 1 + right to `[B, (N - left - 1 -
    right) // stride + 1, C]`, a convolution without padding.

    Args:
        stride: Input frames from one output frame to the next.
        left: Input frames read before the one that the output stands at.
        right: Input frames read behind it.

    Call arguments:
        inputs: Float `[B, T, F]`.
        lengths: Int32 `[B]`, valid frames; what stands behind them changes nothing, NaN included.

    Output shape: `[B, ceil(T / stride), C]`.
    """

    def __init__(self, stride, left, right, **kwargs):
        super().__init__(**kwargs)
        self.stride, self.left, self.right = stride, left, right
        self._windows = Windows(left + 1 + right, stride, left, right)

    def on_windows(self, frames):
        raise NotImplementedError(f"{type(self).__name__} must define on_windows(frames).")

    def on_chunk(self, frames):
        """As `on_windows`, of the few frames of a stream's chunk; a pointwise layer also of none."""
        return self.on_windows(frames)

    def build(self, input_shape):
        self._num_features = input_shape[-1]
        self.built = True

    def call(self, inputs, lengths, training=False):
        num_frames = tf.shape(inputs)[1]
        # Zeros without asking first whether there is padding: in training there mostly is.
        inputs = zero_padding(inputs, lengths) if training else padding.zero_padding(inputs, _mask(inputs, lengths))
        # TensorFlow cannot convolve nothing: a batch without frames still needs one, whose output is cut off again.
        surplus = tf.cast(num_frames == 0, tf.int32)
        outputs = self.on_windows(tf.pad(inputs, [[0, 0], [self.left, self.right + surplus], [0, 0]]))
        # Both ways of this cut are free where there is nothing to cut off; the gradient of outputs[:, :n] is not.
        return tf.slice(outputs, [0, 0, 0], [-1, self.output_length(num_frames), outputs.shape[-1]])

    def output_length(self, length):
        """Frames that come out for `length` frames in (int or int tensor)."""
        return (length + self.stride - 1) // self.stride

    def stream_init(self, batch_size):
        """Frames that outputs still need, as `Windows` keeps them; nothing where each output reads one frame."""
        return {} if self._is_pointwise else self._windows.init(batch_size, self._num_features, self.compute_dtype)

    def stream_step(self, inputs, lengths, final, state):
        """As `Encoder.stream_step`."""
        if self._is_pointwise:
            return self.on_chunk(zero_padding(inputs, lengths)), lengths, state
        frames, lengths, state = self._windows.push(state, inputs, lengths, final)
        outputs = self.on_chunk(frames)
        if outputs.shape[1] is None or outputs.shape[1] > FEW_FRAMES:
            outputs = outputs[:, : tf.reduce_max(lengths)]  # the flush at the end must not cost every step its frames
        return outputs, lengths, state

    @property
    def _is_pointwise(self):
        return self.left + self.right == 0 and self.stride == 1


def zero_padding(inputs, lengths):
    """Zeros behind the valid frames, whatever stood there."""
    if inputs.shape[1] == 1:  # rows by a vector, by the old operation of this name: a fifth of the operations
        return tf.compat.v1.where(lengths > 0, inputs, tf.zeros_like(inputs))
    return tf.where(_mask(inputs, lengths)[:, :, tf.newaxis], inputs, tf.zeros_like(inputs))


def _mask(inputs, lengths):
    return tf.sequence_mask(lengths, tf.shape(inputs)[1])
