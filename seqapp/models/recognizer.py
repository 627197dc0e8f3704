"""Recognizer: features to logits over characters, the Keras model that is trained."""

import keras
import tensorflow as tf

from seqapp.models.encoder import Encoder
from seqapp.models.encoder.forward_pass import project
from seqapp.models.feature_normalization import FeatureNormalization
from seqapp.recipe import EncoderConfig, Recipe
from seqapp.senses import sense_of
from seqapp.text import Alphabet


class Recognizer(keras.Model):
    """Normalisation of the features, an `Encoder`, and a linear layer to K symbols, the blank last.

    Args:
        config: `EncoderConfig`.
        num_features: Size F of a feature frame.
        num_classes: K, the alphabet and the blank.
        seed: Seed of the dropout masks.
        is_normalized: Whether mean and scale of the features are kept as weights.

    Attributes:
        feature_normalization: `FeatureNormalization`, or None.

    Call arguments:
        features: Float `[B, T, F]`.
        lengths: Int32 `[B]`.
        intermediate: Give two results more: logits read off the encoder's middle block by the same layer, and their
            lengths (Lee and Watanabe, Intermediate loss regularization for CTC-based speech recognition, 2021).

    Output shape: logits float32 `[B, T', K]` and logit_length int32 `[B]`.
    """

    def __init__(self, config: EncoderConfig, num_features, num_classes, seed=0, is_normalized=False, **kwargs):
        super().__init__(**kwargs)
        self.num_features = num_features
        # None, not an identity: the weights of a model without it must fit into those of older trainings.
        self.feature_normalization = FeatureNormalization(num_features, name="features") if is_normalized else None
        self.encoder = Encoder(config, seed=seed, name="encoder")
        # Logits in float32 whatever the policy: the CTC loss sums over many paths.
        self.logits = keras.layers.Dense(num_classes, dtype="float32", name="logits")
        self.encoder.build((None, None, num_features))
        self.logits.build((None, None, config.width or config.units))
        self.built = True

    @classmethod
    def from_recipe(cls, recipe: Recipe, alphabet: Alphabet):
        """A fresh model for a recipe, its weights drawn from the global seed (`keras.utils.set_random_seed`)."""
        sense = sense_of(recipe)
        return cls(
            recipe.encoder, sense.num_features, alphabet.num_classes, recipe.training.seed, sense.is_normalized,
            name="recognizer",
        )  # fmt: skip

    def call(self, features, lengths, training=False, intermediate=False):
        outputs = self.encoder(self.normalize(features), lengths, training=training, intermediate=intermediate)
        encoded, lengths = outputs[::2], outputs[1::2]
        pairs = [(self._to_logits(x, training), length) for x, length in zip(encoded, lengths)]
        return tuple(tensor for pair in pairs for tensor in pair)

    def _to_logits(self, encoded, training=False):
        encoded = tf.cast(encoded, tf.float32)
        return self.logits(encoded) if training else project(self.logits, encoded)

    def normalize(self, features):
        """Features `[..., F]` as the encoder takes them."""
        return features if self.feature_normalization is None else self.feature_normalization(features)

    def stream_init(self, batch_size):
        """The state of `batch_size` streams before their first chunk, as `Encoder.stream_init`."""
        return self.encoder.stream_init(batch_size)

    def stream_step(self, features, lengths, final, state):
        """Logits of what arrives in chunks: one after the other they are those of the whole. Inference only.

        Args:
            features: Float `[B, T, F]`, as for a call; T may be 0.
            lengths: Int32 `[B]`.
            final: Bool `[B]`, True where this chunk ends the row's sequence.
            state: From `stream_init` or the last `stream_step`.

        Returns:
            logits: Float32 `[B, T', K]`.
            logit_length: Int32 `[B]`.
            state: For the next chunk.
        """
        encoded, logit_length, state = self.encoder.stream_step(self.normalize(features), lengths, final, state)
        return self._to_logits(encoded), logit_length, state

    def look_ahead_frames(self):
        """Feature frames behind its first one that a logit frame reads; ValueError where it reads them all."""
        return self.encoder.look_ahead_frames()

    @property
    def frames_per_output(self):
        """Feature frames that one logit frame stands for."""
        return self.encoder.frames_per_output

    def output_length(self, length):
        """Logit frames for `length` feature frames."""
        return self.encoder.output_length(length)
