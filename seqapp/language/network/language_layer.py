"""Recurrent layer of a language model: normalisation, recurrence, projection, dropout, residual connection."""

import keras
import tensorflow as tf
from keras import layers

from seqapp.language.network.look_behind import LookBehind
from seqapp.recipe import NetworkConfig
from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS


class LanguageLayer(layers.Layer):
    """x + Dropout(Dense(activation(recurrent(LayerNorm(x))))), or Dropout(recurrent(x)) without residuals.

    With `look_behind`, what goes into the recurrent layer passes a `LookBehind` first. Dropout takes the same units in
    all tokens of a row.

    Call arguments:
        inputs: Float `[B, T, C]`.
        state: List of float `[B, H]`: the states of the cell, and the past of the `LookBehind` where there is one.

    Output shape: `[B, T, C]`, and the state behind the last token.
    """

    def __init__(self, config: NetworkConfig, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        cell = CELLS[config.cell](
            config.units, recurrent_dropout=config.recurrent_dropout, layer_norm=config.layer_norm, seed=seed
        )
        self.recurrent = Recurrent(cell, config.execution, name="recurrent")
        self.look_behind = LookBehind(config.look_behind, name="look_behind") if config.look_behind else None
        self.is_residual = config.is_residual
        self.rate = config.dropout
        self.seeds = keras.random.SeedGenerator(seed)
        if config.is_residual:
            self.normalization = layers.LayerNormalization(name="normalization")
            self.activation = layers.Activation(config.activation)
            self.projection = layers.Dense(config.width, name="projection")

    def build(self, input_shape):
        self.recurrent.build(input_shape)
        if self.look_behind:
            self.look_behind.build(input_shape)
        if self.is_residual:
            self.normalization.build(input_shape)
            self.projection.build(self.recurrent.compute_output_shape(input_shape))
        self.built = True

    @property
    def num_states(self) -> int:
        return self.recurrent.cell.num_states + bool(self.look_behind)

    def initial_state(self, batch_size: int):
        past = [self.look_behind.initial_state(batch_size)] if self.look_behind else []
        return [*self.recurrent.get_initial_state(batch_size), *past]

    def call(self, inputs, state, training=False):
        x = self.normalization(inputs) if self.is_residual else inputs
        past = state[self.recurrent.cell.num_states :]
        state = state[: self.recurrent.cell.num_states]
        if self.look_behind:
            x, *past = self.look_behind(x, *past)
        outputs, state = self.recurrent.run(x, state, training=training)
        outputs = self._dropped(self.projection(self.activation(outputs)) if self.is_residual else outputs, training)
        return inputs + outputs if self.is_residual else outputs, [*state, *past]

    def _dropped(self, x, training):
        if not training or not self.rate:
            return x
        return keras.random.dropout(x, self.rate, noise_shape=(tf.shape(x)[0], 1, x.shape[-1]), seed=self.seeds)
