"""Senses: ink, speech and line images behind one interface; the features of a recipe decide which it is. Floor 3.

A sense is a kind of input, what the literature calls a modality. Everything above (input pipeline, models, training,
serving, evaluation) asks the sense instead of asking which one it is. CONTRIBUTING says how to add one.
"""

import functools

from seqapp.recipe import Recipe
from seqapp.senses.image import ImageSense
from seqapp.senses.ink import InkSense
from seqapp.senses.sense import Sense
from seqapp.senses.speech import SpeechSense

SENSES = {sense.config_class: sense for sense in (InkSense, SpeechSense, ImageSense)}


def sense_of(recipe: Recipe) -> Sense:
    """The sense of a recipe, one object for equal configs: its graph of features is traced once."""
    return _make(recipe.features, recipe.augmentation)


@functools.lru_cache(maxsize=8)
def _make(features, augmentation):
    return SENSES[type(features)](features, augmentation)


__all__ = ["SENSES", "ImageSense", "InkSense", "Sense", "SpeechSense", "sense_of"]
