"""Features to a sequence of vectors: a strided convolutional stem, then residual recurrent blocks."""

import math

import keras
import tensorflow as tf

from seqapp.recipe import EncoderConfig
from seqapp.rnn import Bidirectional, Recurrent
from seqapp.rnn.cells import CELLS


class StridedConvolution(keras.layers.Layer):
    """One convolution that divides the number of frames, with lengths that depend on the valid frames alone.

    Padding is explicit and the same on both sides: TensorFlow's "same" depends on whether the padded T is even,
    so that padding a batch further would change its results.

    Args:
        channels: Output channels C.
        kernel_size: Odd number of frames.
        stride: Frames a step.
        activation: Any Keras activation.

    Call arguments:
        inputs: Float `[B, T, F]`.
        lengths: Int32 `[B]`, valid frames.

    Output shape: `[B, ceil(T / stride), C]`.
    """

    def __init__(self, channels, kernel_size, stride, activation, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride
        self.margin = kernel_size // 2
        self.convolution = keras.layers.Conv1D(channels, kernel_size, stride, padding="valid", activation=activation)

    def build(self, input_shape):
        self.convolution.build(input_shape)
        self.built = True

    def call(self, inputs, lengths):
        inputs = zero_padding(inputs, lengths)
        # A batch without frames still needs kernel_size of them; the surplus is cut off again.
        outputs = self.convolution(tf.pad(inputs, [[0, 0], [self.margin, self.margin + self.stride], [0, 0]]))
        return outputs[:, : self.output_length(tf.shape(inputs)[1])]

    def output_length(self, length):
        return (length + self.stride - 1) // self.stride


class RecurrentBlock(keras.layers.Layer):
    """x + Dropout(Dense(activation(recurrent(LayerNorm(x))))): residuals and normalisation around recurrent layers.

    They let CTC leave its plateau of blanks early, above all with cells that are linear in their state.

    Call arguments:
        inputs: Float `[B, T, C]`.
        mask: Bool `[B, T]`.

    Output shape: `[B, T, C]`.
    """

    def __init__(self, config: EncoderConfig, width, seed=None, **kwargs):
        super().__init__(**kwargs)
        cell = CELLS[config.cell]
        self.normalization = keras.layers.LayerNormalization()
        if config.bidirectional:
            self.recurrent = Bidirectional(cell(config.units), cell(config.units), config.execution)
        else:
            self.recurrent = Recurrent(cell(config.units), config.execution)
        self.activation = keras.layers.Activation(config.activation)
        self.projection = keras.layers.Dense(width)
        self.dropout = keras.layers.Dropout(config.dropout, seed=seed)
        self.supports_masking = True

    def build(self, input_shape):
        self.normalization.build(input_shape)
        self.recurrent.build(input_shape)
        self.projection.build(self.recurrent.compute_output_shape(input_shape))
        self.built = True

    def call(self, inputs, mask=None, training=False):
        outputs = self.recurrent(self.normalization(inputs), mask=mask, training=training)
        return inputs + self.dropout(self.projection(self.activation(outputs)), training=training)


class Encoder(keras.layers.Layer):
    """Stem, blocks, and a last normalisation.

    Args:
        config: `EncoderConfig`.
        seed: Seed of the dropout masks.

    Call arguments:
        features: Float `[B, T, F]`.
        lengths: Int32 `[B]`, valid frames; what stands behind them changes nothing.

    Output shape: `[B, T', C]` and the lengths int32 `[B]`, with T' = T divided by each stride and rounded up.
    """

    def __init__(self, config: EncoderConfig, seed=0, **kwargs):
        super().__init__(**kwargs)
        width = config.width or config.units
        self.stem = [
            StridedConvolution(width, config.stem_kernel, stride, config.activation, name=f"stem_{i}")
            for i, stride in enumerate(config.stem_strides)
        ]
        self.blocks = [
            RecurrentBlock(config, width, seed=seed + i, name=f"block_{i}") for i in range(config.num_layers)
        ]
        self.normalization = keras.layers.LayerNormalization(name="normalization")

    def build(self, features_shape, lengths_shape=None):
        shape = tuple(features_shape)
        for layer in self.stem:
            layer.build(shape)
            shape = (*shape[:-1], layer.convolution.filters)
        for block in self.blocks:
            block.build(shape)
        self.normalization.build(shape)
        self.built = True

    def call(self, features, lengths, training=False):
        x = features
        for layer in self.stem:
            x, lengths = layer(x, lengths), layer.output_length(lengths)
        mask = tf.sequence_mask(lengths, tf.shape(x)[1])
        for block in self.blocks:
            x = block(x, mask=mask, training=training)
        return self.normalization(x), lengths

    @property
    def frames_per_output(self):
        """Feature frames that one output frame stands for: the product of the strides."""
        return math.prod(layer.stride for layer in self.stem)

    def output_length(self, length):
        """Frames that come out for `length` frames in (int or int tensor)."""
        for layer in self.stem:
            length = layer.output_length(length)
        return length


def zero_padding(inputs, lengths):
    """Zeros behind the valid frames, whatever stood there."""
    mask = tf.sequence_mask(lengths, tf.shape(inputs)[1])[:, :, tf.newaxis]
    return tf.where(mask, inputs, tf.zeros_like(inputs))
