"""Network of a trained model as one function of one row, which converters can take."""

import dataclasses
from pathlib import Path

import tensorflow as tf

from seqapp.models.recognizer import Recognizer
from seqapp.models.starting_point import StartingPoint
from seqapp.recipe import EncoderConfig, Recipe
from seqapp.senses import sense_of
from seqapp.serving.portable.plain_operations import plain_operations


class Network(tf.Module):
    """Features `[1, T, F]` to log_probs `[1, T', K]`, the blank last, as the signature `log_probs` gives them.

    Args:
        path: Of a SavedModel or a workdir.

    Raises:
        ValueError: A cell that is not linear in its state: its loop would need lists of tensors.

    Attributes:
        function: Concrete function of `features`.
        sense: `Sense` whose `features` it takes.
    """

    def __init__(self, path: str | Path):
        super().__init__(name="network")
        start = StartingPoint.load(path)
        encoder = portable_encoder(start.recipe)
        self.sense = sense_of(start.recipe)
        recognizer = Recognizer.from_recipe(dataclasses.replace(start.recipe, encoder=encoder), start.alphabet)
        for variable, value in zip(recognizer.variables, start.weights, strict=True):
            variable.assign(value)
        self._variables = [variable.value for variable in recognizer.variables]
        with plain_operations():
            self.function = _function(recognizer, self.sense.num_features)

    @property
    def num_bytes(self) -> int:
        """Size of all weights."""
        return sum(variable.shape.num_elements() * variable.dtype.size for variable in self._variables)


def portable_encoder(recipe: Recipe) -> EncoderConfig:
    """Return the encoder's settings with the one execution that `plain_operations` replaces.

    Args:
        recipe: Of a model, whatever execution its training ran.

    Raises:
        ValueError: Its cell has no such execution.
    """
    return dataclasses.replace(recipe.encoder, execution="parallel_scan")


def _function(recognizer, num_features):
    @tf.function(autograph=False)
    def network(features):
        logits, _ = recognizer(features, tf.shape(features)[1:2])
        return {"log_probs": tf.nn.log_softmax(logits)}

    return network.get_concrete_function(tf.TensorSpec([1, None, num_features], tf.float32, "features"))
