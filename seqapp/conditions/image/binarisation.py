"""Binarisation by Otsu's threshold: nothing but black and white, as fax machines and old archives keep it."""

import numpy as np


def binarise(columns: np.ndarray) -> np.ndarray:
    """Make black what is no lighter than Otsu's threshold and white the rest: float32 `[W, H]` of 0 and 1.

    Reference: Otsu 1979, A threshold selection method from gray-level histograms.
    """
    levels = np.round(255.0 * np.clip(columns, 0.0, 1.0)).astype(int)
    return (levels > otsu_threshold(levels)).astype(np.float32)


def otsu_threshold(levels: np.ndarray) -> int:
    """Return the level that divides grey ints in [0, 255] into two groups whose means lie apart as far as can be."""
    counts = np.bincount(levels.ravel(), minlength=256).astype(float)
    below = np.cumsum(counts)
    mass = np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (mass / below - (mass[-1] - mass) / above) ** 2
    return int(np.argmax(np.nan_to_num(between, nan=0.0, posinf=0.0)))
