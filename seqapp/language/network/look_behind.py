"""Short causal convolution over the last tokens, for recurrent layers whose gates read one token alone."""

import tensorflow as tf
from keras import layers


class LookBehind(layers.Layer):
    """Each channel adds a weighted sum of itself at the tokens before.

        y_t,c = x_t,c + sum_{j=0}^{L} w_j,c x_{t-j},c

    The weights begin at zero: the identity. What `RowConvolution` is to whole sequences of known lengths, with a state
    that goes in and comes out like that of a cell.

    Args:
        tokens: L, at least 1.

    Call arguments:
        inputs: Float `[B, T, C]`, T at least 1.
        past: Float `[B, L * C]`: the L inputs before them, the oldest first; zeros at the beginning of a text.

    Output shape: `[B, T, C]`, and the past behind the last token.

    Reference: a short convolution in front of a linear recurrence: De et al., Griffin: mixing gated linear recurrences
        with local attention, 2024, https://arxiv.org/abs/2402.19427, section 2.3.
    """

    def __init__(self, tokens: int, **kwargs):
        super().__init__(**kwargs)
        self.tokens = tokens
        self.convolution = layers.DepthwiseConv1D(
            tokens + 1, padding="valid", use_bias=False, depthwise_initializer="zeros"
        )

    def build(self, input_shape):
        self.num_channels = input_shape[-1]
        self.convolution.build(input_shape)
        self.built = True

    def initial_state(self, batch_size: int):
        return tf.zeros([batch_size, self.tokens * self.num_channels], self.compute_dtype)

    def call(self, inputs, past):
        shape = [-1, self.tokens, self.num_channels]
        extended = tf.concat([tf.reshape(past, shape), inputs], axis=1)
        recent = tf.slice(extended, [0, tf.shape(inputs)[1], 0], shape)
        return inputs + self.convolution(extended), tf.reshape(recent, tf.shape(past))
