"""Strided convolutions that divide the number of frames: the stem, and between the blocks of a pyramid."""

import tensorflow as tf
from keras import layers

from seqapp.models.encoder.activation import activation_function
from seqapp.models.encoder.windowed_layer import WindowedLayer
from seqapp.rnn.cells.affine import affine


class StridedConvolution(WindowedLayer):
    """One convolution over `left + 1 + right` frames, one output every `stride` frames.

    Args:
        channels: Output channels C.
        stride: Frames a step.
        left: Frames read before the one that an output stands at.
        right: Frames read behind it.
        activation: Any Keras activation; linear by default.

    Call arguments and output shape: as for `WindowedLayer`.
    """

    def __init__(self, channels, stride, left, right, activation=None, **kwargs):
        super().__init__(stride, left, right, **kwargs)
        activation = activation_function(activation)
        self.convolution = layers.Conv1D(channels, left + 1 + right, stride, padding="valid", activation=activation)

    @classmethod
    def centred(cls, channels, kernel_size, stride, activation, **kwargs):
        """A layer of the stem: an odd kernel around the frame that an output stands at."""
        return cls(channels, stride, kernel_size // 2, kernel_size // 2, activation, **kwargs)

    @classmethod
    def joining(cls, channels, num_frames, **kwargs):
        """A step of a pyramid: every `num_frames` frames side by side, and one linear map of them to C channels.

        Chan et al., Listen, attend and spell, ICASSP 2016, section 3.1, join frames so in front of a recurrent layer.
        Unlike a wider kernel, no frame is read twice, the least possible waits in a stream, and nothing behind the
        joined frames is looked at. The linear map is ours: residual blocks need the width to stay. Frames that are
        missing at the end of a row count as zeros, so that none are dropped.
        """
        return cls(channels, num_frames, 0, num_frames - 1, **kwargs)

    def build(self, input_shape):
        self.convolution.build(input_shape)
        super().build(input_shape)

    def on_windows(self, frames):
        return self.convolution(frames)

    def on_chunk(self, frames):
        """As a matrix product: TensorFlow would arrange the kernel anew for each convolution."""
        size = self.left + 1 + self.right
        frames = tf.cast(frames, self.compute_dtype)
        if size > 1 or self.stride > 1:
            image = tf.expand_dims(frames, 2)
            patches = tf.image.extract_patches(image, [1, size, 1, 1], [1, self.stride, 1, 1], [1, 1, 1, 1], "VALID")
            frames = tf.squeeze(patches, 2)
        kernel = tf.reshape(self.convolution.kernel, [-1, self.convolution.filters])
        return self.convolution.activation(affine(frames, kernel, self.convolution.bias))
