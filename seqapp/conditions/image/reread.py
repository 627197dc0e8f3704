"""Reading a damaged picture again, by the very code that reads files and arrays."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from seqapp.conditions.condition import Damage
from seqapp.datasets.image.line_array import columns_of_array
from seqapp.datasets.image.line_image import MAX_WIDTH


def reread(columns) -> np.ndarray:
    """Convert a picture of any size to the columns that the graph takes.

    Args:
        columns: Float32 `[W, H]` in [0, 1], 1 white.

    Returns:
        Float32 `[W', CORPUS_HEIGHT]`: contrast as it was, a negative turned, the ink's spread as in all lines.
    """
    picture = np.round(255.0 * np.clip(np.asarray(columns), 0.0, 1.0)).astype(np.uint8).T
    return columns_of_array(picture, MAX_WIDTH).astype(np.float32) / 255.0


def read_again(damages: Mapping[str, Damage]) -> dict[str, Damage]:
    """Return damages that may give pictures of any size with `reread` behind each."""
    return {name: dataclasses.replace(damage, apply=_behind(damage.apply)) for name, damage in damages.items()}


def _behind(apply):
    return lambda *arguments: reread(apply(*arguments))
