"""Experiment configuration (recipes): fields, rules that values must obey, recipe files, `--set`. Floor 0.

Nothing here imports TensorFlow, so that `--help` and a mistake in a recipe answer at once.
"""

from seqapp.recipe.configs import (
    AugmentationConfig,
    DataConfig,
    EncoderConfig,
    ImageAugmentationConfig,
    InkConfig,
    LineImageConfig,
    LogMelConfig,
    OutputConfig,
    Recipe,
    SpeechAugmentationConfig,
    TrainingConfig,
)
from seqapp.recipe.files import SECTIONS, from_json, load, override, to_json
from seqapp.recipe.language import LanguageRecipe, NetworkConfig, TextConfig
from seqapp.recipe.pages import LineFinderConfig, PageConfig, PageRecipe

__all__ = [
    "SECTIONS",
    "AugmentationConfig",
    "DataConfig",
    "EncoderConfig",
    "ImageAugmentationConfig",
    "InkConfig",
    "LanguageRecipe",
    "LineFinderConfig",
    "LineImageConfig",
    "LogMelConfig",
    "NetworkConfig",
    "OutputConfig",
    "PageConfig",
    "PageRecipe",
    "Recipe",
    "SpeechAugmentationConfig",
    "TextConfig",
    "TrainingConfig",
    "from_json",
    "load",
    "override",
    "to_json",
]
