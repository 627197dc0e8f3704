"""Feature normalisation to mean 0 and deviation 1, by statistics that are weights of the model."""

import keras
import tensorflow as tf


class FeatureNormalization(keras.layers.Layer):
    """(features - mean) * scale, each a stored value a feature; the identity until `set_statistics`.

    What is normalised over each utterance cannot stream, and a short one is normalised by its own words. These are
    estimated once, over the training split, and travel with checkpoints, weights and exports.

    Args:
        num_features: Size F of a feature frame.

    Call arguments:
        features: Float `[..., F]`.

    Output shape: float32, as the input.
    """

    def __init__(self, num_features, **kwargs):
        super().__init__(dtype="float32", **kwargs)  # log-mel values of 20 have two digits left in bfloat16
        self.mean = self.add_weight(shape=(num_features,), initializer="zeros", trainable=False, name="mean")
        self.scale = self.add_weight(shape=(num_features,), initializer="ones", trainable=False, name="scale")
        self.built = True

    def set_statistics(self, mean, deviation):
        """Normalise by these from now on: float `[F]` each, the deviation above 0."""
        self.mean.assign(mean)
        self.scale.assign(1.0 / deviation)

    def call(self, features):
        return (tf.cast(features, tf.float32) - self.mean) * self.scale
