"""Image convolutions: two-dimensional, over time and feature rows, for the columns of a line image."""

import tensorflow as tf
from keras import layers

from seqapp.models.encoder.activation import activation_function
from seqapp.models.encoder.windowed_layer import WindowedLayer


class ImageConvolution(WindowedLayer):
    """One convolution over frames and rows; the channels of a row lie side by side in its frames.

    So any layer can follow, and padding behind a row's frames is zeroed before each convolution, not before the first
    alone: biases would fill it.

    Args:
        input_channels: Channels that come in; features have one.
        channels: Output channels C.
        kernel_size: Odd, in frames and in rows.
        stride: Frames a step.
        row_stride: Rows a step.
        activation: Any Keras activation.

    Attributes:
        width: Size of an output frame, once built.

    Call arguments: as for `WindowedLayer`, F = rows * input_channels.

    Output shape: `[B, ceil(T / stride), ceil(rows / row_stride) * C]`.
    """

    def __init__(self, input_channels, channels, kernel_size, stride, row_stride, activation=None, **kwargs):
        super().__init__(stride, left=kernel_size // 2, right=kernel_size // 2, **kwargs)
        self._input_channels, self._channels = input_channels, channels
        self._row_stride, self._row_padding = row_stride, kernel_size // 2
        self.convolution = layers.Conv2D(
            channels, kernel_size, (stride, row_stride), padding="valid", activation=activation_function(activation)
        )

    def build(self, input_shape):
        self._rows = input_shape[-1] // self._input_channels
        self.width = -(-self._rows // self._row_stride) * self._channels
        self.convolution.build((None, None, self._rows + 2 * self._row_padding, self._input_channels))
        super().build(input_shape)

    def on_windows(self, frames):
        batch_size, num_frames = tf.unstack(tf.shape(frames)[:2])
        image = tf.reshape(frames, [batch_size, num_frames, self._rows, self._input_channels])
        image = tf.pad(image, [[0, 0], [0, 0], [self._row_padding] * 2, [0, 0]])
        outputs = self.convolution(image)
        return tf.reshape(outputs, [batch_size, tf.shape(outputs)[1], self.width])
