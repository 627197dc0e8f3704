"""What differs between ink, speech and images below the network, behind one face; a recipe's features decide.

Everything above (input pipeline, models, training, serving, evaluation) asks the sense instead of asking which it is.
Floor 1.
"""

import functools

from seqapp.recipe import InkConfig, LineImageConfig, LogMelConfig, Recipe
from seqapp.senses.image import ImageSense
from seqapp.senses.ink import InkSense
from seqapp.senses.sense import Sense
from seqapp.senses.speech import SpeechSense

SENSES = {InkConfig: InkSense, LogMelConfig: SpeechSense, LineImageConfig: ImageSense}


def sense_of(recipe: Recipe) -> Sense:
    """The sense of a recipe, one object for equal configs: its graph of features is traced once."""
    return _make(recipe.features, recipe.augmentation)


@functools.lru_cache(maxsize=8)
def _make(features, augmentation):
    return SENSES[type(features)](features, augmentation)


__all__ = ["SENSES", "ImageSense", "InkSense", "Sense", "SpeechSense", "sense_of"]
