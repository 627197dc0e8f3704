"""An experiment as values: configs (every knob), rules (what they obey), files (--set, recipe files, JSON). Floor 0.

Nothing here imports TensorFlow, so that `--help` and a mistake in a recipe answer at once.
"""

from seqapp.recipe.configs import (
    AugmentationConfig,
    DataConfig,
    EncoderConfig,
    InkConfig,
    LogMelConfig,
    OutputConfig,
    Recipe,
    SpeechAugmentationConfig,
    TrainingConfig,
)
from seqapp.recipe.files import SECTIONS, from_json, load, override, to_json

__all__ = [
    "SECTIONS",
    "AugmentationConfig",
    "DataConfig",
    "EncoderConfig",
    "InkConfig",
    "LogMelConfig",
    "OutputConfig",
    "Recipe",
    "SpeechAugmentationConfig",
    "TrainingConfig",
    "from_json",
    "load",
    "override",
    "to_json",
]
