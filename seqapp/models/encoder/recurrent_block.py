"""Residual recurrent block: normalisation, recurrent layer, projection, dropout."""

import tensorflow as tf
from keras import layers

from seqapp.models.encoder.activation import activation_function
from seqapp.models.encoder.forward_pass import normalize, project
from seqapp.recipe import EncoderConfig
from seqapp.rnn import Bidirectional, Recurrent
from seqapp.rnn.cells import CELLS


class RecurrentBlock(layers.Layer):
    """x + Dropout(Dense(activation(recurrent(LayerNorm(x))))): residuals and normalisation around recurrent layers.

    They let CTC leave its plateau of blanks early, above all with cells that are linear in their state.

    Call arguments:
        inputs: Float `[B, T, C]`, finite.
        lengths: Int32 `[B]`, valid frames.

    Output shape: `[B, T, C]`.
    """

    stride, right = 1, 0  # of a forward block, as a `WindowedLayer` has them

    def __init__(self, config: EncoderConfig, width, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.normalization = layers.LayerNormalization()
        if config.bidirectional:
            self.recurrent = Bidirectional(_cell(config, seed, 0), _cell(config, seed, 1), config.execution)
        else:
            self.recurrent = Recurrent(_cell(config, seed, 0), config.execution)
        self.activation = layers.Activation(activation_function(config.activation))
        self.projection = layers.Dense(width)
        self.dropout = layers.Dropout(config.dropout, seed=seed)

    def build(self, input_shape):
        self.normalization.build(input_shape)
        self.recurrent.build(input_shape)
        self.projection.build(self.recurrent.compute_output_shape(input_shape))
        self.built = True

    def call(self, inputs, lengths, training=False):
        mask = tf.sequence_mask(lengths, tf.shape(inputs)[1])
        if not training:
            outputs = self.recurrent(normalize(self.normalization, inputs), mask=mask)
            return inputs + project(self.projection, self.activation(outputs))
        outputs = self.recurrent(self.normalization(inputs), mask=mask, training=True)
        return inputs + self.dropout(self.projection(self.activation(outputs)), training=True)

    def output_length(self, length):
        return length

    def stream_init(self, batch_size):
        """The states of the cell, `[B, H]` each."""
        return {f"state_{k}": state for k, state in enumerate(self.recurrent.get_initial_state(batch_size))}

    def stream_step(self, inputs, lengths, final, state):
        """As `Encoder.stream_step`, for a forward block."""
        before = [state[f"state_{k}"] for k in range(len(state))]
        outputs, after = self.recurrent.stream_step(normalize(self.normalization, inputs), lengths, final, before)
        state = {f"state_{k}": each for k, each in enumerate(after)}
        return inputs + project(self.projection, self.activation(outputs)), lengths, state


def _cell(config, seed, direction):
    """The cell of one direction, which drops other units than that of the other."""
    return CELLS[config.cell](
        config.units,
        recurrent_dropout=config.recurrent_dropout,
        layer_norm=config.layer_norm,
        seed=None if seed is None else 2 * seed + direction,
    )
