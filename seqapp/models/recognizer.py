"""Features to logits over characters: the model that is trained."""

import keras
import tensorflow as tf

from seqapp.features import num_features
from seqapp.models.encoder import Encoder
from seqapp.recipe import EncoderConfig, Recipe
from seqapp.text import Alphabet


class Recognizer(keras.Model):
    """An `Encoder` and a linear layer to K symbols, the blank last.

    Args:
        config: `EncoderConfig`.
        num_features: Size F of a feature frame.
        num_classes: K, the alphabet and the blank.
        seed: Seed of the dropout masks.

    Call arguments:
        features: Float `[B, T, F]`.
        lengths: Int32 `[B]`.

    Output shape: logits float32 `[B, T', K]` and logit_length int32 `[B]`.
    """

    def __init__(self, config: EncoderConfig, num_features, num_classes, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.num_features = num_features
        self.encoder = Encoder(config, seed=seed, name="encoder")
        # Logits in float32 whatever the policy: the CTC loss sums over many paths.
        self.logits = keras.layers.Dense(num_classes, dtype="float32", name="logits")
        self.encoder.build((None, None, num_features))
        self.logits.build((None, None, config.width or config.units))
        self.built = True

    @classmethod
    def from_recipe(cls, recipe: Recipe, alphabet: Alphabet):
        """A fresh model for a recipe, its weights drawn from the global seed (`keras.utils.set_random_seed`)."""
        return cls(
            recipe.encoder, num_features(recipe.features), alphabet.num_classes, recipe.training.seed, name="recognizer"
        )

    def call(self, features, lengths, training=False):
        encoded, logit_length = self.encoder(features, lengths, training=training)
        return self.logits(tf.cast(encoded, tf.float32)), logit_length

    @property
    def frames_per_output(self):
        """Feature frames that one logit frame stands for."""
        return self.encoder.frames_per_output

    def output_length(self, length):
        """Logit frames for `length` feature frames."""
        return self.encoder.output_length(length)
