"""One recurrent layer of a language model."""

import keras
import tensorflow as tf
from keras import layers

from seqapp.recipe import NetworkConfig
from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS


class LanguageLayer(layers.Layer):
    """x + Dropout(Dense(activation(recurrent(LayerNorm(x))))), or Dropout(recurrent(x)) without residuals.

    Dropout takes the same units in all tokens of a row.

    Call arguments:
        inputs: Float `[B, T, C]`.
        state: List of float `[B, H]`.

    Output shape: `[B, T, C]`, and the state behind the last token.
    """

    def __init__(self, config: NetworkConfig, seed=None, **kwargs):
        super().__init__(**kwargs)
        cell = CELLS[config.cell](
            config.units, recurrent_dropout=config.recurrent_dropout, layer_norm=config.layer_norm, seed=seed
        )
        self.recurrent = Recurrent(cell, config.execution, name="recurrent")
        self.is_residual, self.rate = config.is_residual, config.dropout
        self.seeds = keras.random.SeedGenerator(seed)
        if config.is_residual:
            self.normalization = layers.LayerNormalization(name="normalization")
            self.activation = layers.Activation(config.activation)
            self.projection = layers.Dense(config.width, name="projection")

    def build(self, input_shape):
        self.recurrent.build(input_shape)
        if self.is_residual:
            self.normalization.build(input_shape)
            self.projection.build(self.recurrent.compute_output_shape(input_shape))
        self.built = True

    @property
    def num_states(self):
        return self.recurrent.cell.num_states

    def initial_state(self, batch_size):
        return self.recurrent.get_initial_state(batch_size)

    def call(self, inputs, state, training=False):
        x = self.normalization(inputs) if self.is_residual else inputs
        outputs, state = self.recurrent.run(x, state, training=training)
        if self.is_residual:
            return inputs + self._dropped(self.projection(self.activation(outputs)), training), state
        return self._dropped(outputs, training), state

    def _dropped(self, x, training):
        if not training or not self.rate:
            return x
        return keras.random.dropout(x, self.rate, noise_shape=(tf.shape(x)[0], 1, x.shape[-1]), seed=self.seeds)
