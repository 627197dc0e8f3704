"""Tables of the recording conditions of each sense."""

import importlib
from collections.abc import Mapping

from seqapp.conditions.condition import Damage


def conditions_of(sense: str) -> Mapping[str, Damage]:
    """Return the `Damage`s of a sense, "ink", "speech" or "image", by name."""
    return importlib.import_module(f"seqapp.conditions.{sense}.table").TABLE


def unreadable_of(sense: str) -> Mapping[str, Damage]:
    """Return, by name, the `Damage`s of a sense that leave nothing of the text: no reading of them is right."""
    return importlib.import_module(f"seqapp.conditions.{sense}.unreadable").UNREADABLE


def kept_out_of(sense: str) -> Mapping[str, Damage]:
    """Return, by name, the `Damage`s of a sense that training and the fit of confidence never see."""
    return importlib.import_module(f"seqapp.conditions.{sense}.kept_out").KEPT_OUT
