"""Vertical extent and slope of a line's ink among remains of its neighbours, in NumPy.

This is `seqapp.features.image.even_extent`; reasons stand there; readers do without TensorFlow, and a test holds both
equal. Here too columns are the first axis.
"""

import math

import numpy as np

BLANK_SPREAD, SMALLEST_SPREAD, LARGEST_SPREAD = 1 / 8, 1 / 40, 1 / 3
STEP_NOISE, STEP_DEVIATIONS = 0.04, 0.68
BAND_SPREADS = np.array([SMALLEST_SPREAD * 10.0 ** (k / 15) for k in range(16)], np.float32)
BAND_WIDTH, BAND_EXPONENT, CENTRE = 1.3, 0.9, 0.5
THIN, ENOUGH, RISE = 7, 0.2, 0.06
REFINEMENTS, REACH, EDGE, CALIBRATION = 2, 3.5, 1.0, 0.981
SLOPE_FITS, SLOPE_REACH, SHORTEST_SLOPE = 3, 2.0, 36.0
LEVEL, STEEPEST = math.tan(math.radians(1.0)), math.tan(math.radians(8.0))


def ink_steps(ink: np.ndarray, grain: float) -> np.ndarray:
    """Sum the changes of smoothed ink `[W, H]` from column to column over each row, `[H]`."""
    ink = np.pad(ink, 1, mode="edge")
    changes = ink[3:] - ink[:-3]
    changes = np.abs(changes[:, :-2] + changes[:, 1:-1] + changes[:, 2:]) / 9.0
    return np.maximum(changes - (STEP_NOISE + STEP_DEVIATIONS * grain), 0.0).sum(axis=0)


def even_extent(steps: np.ndarray) -> tuple[float, float]:
    """Measure the middle of the ink and its spread around it, in rows, from `ink_steps`."""
    height = len(steps)
    if not steps.sum():
        return height / 2, height * BLANK_SPREAD
    rows = np.arange(height) + 0.5
    steps = _without_thin_bands(steps)
    middle, spread = _strongest_band(steps, rows, height)
    steps = _without_neighbours(steps, rows - middle, spread)
    for _ in range(REFINEMENTS):
        weights = steps * np.clip(1.0 - (np.abs(rows - middle) / spread - REACH) / EDGE, 0.0, 1.0)
        if total := weights.sum():
            middle = (rows * weights).sum() / total
        variance = ((rows - middle) ** 2 * weights).sum() / total if total else 0.0
        spread = max(np.sqrt(variance), height * SMALLEST_SPREAD / CALIBRATION)
    return float(middle), float(min(spread * CALIBRATION, height * LARGEST_SPREAD))


def ink_slope(ink: np.ndarray) -> float:
    """Measure by how many rows the line in `[W, H]` sinks from column to column; 0: almost level, or too short."""
    x = (np.arange(ink.shape[0], dtype=np.float32) + 0.5)[:, np.newaxis]
    y = (np.arange(ink.shape[1], dtype=np.float32) + 0.5)[np.newaxis]
    weights = ink
    for _ in range(SLOPE_FITS):
        total = max(weights.sum(), 1e-6)
        middle_x = (x * weights).sum() / total
        middle_y = (y * weights).sum() / total
        moment = ((x - middle_x) ** 2 * weights).sum()
        slope = ((x - middle_x) * (y - middle_y) * weights).sum() / moment if moment else 0.0
        distances = y - middle_y - slope * (x - middle_x)
        spread = np.sqrt((distances**2 * weights).sum() / total)
        weights = np.where(np.abs(distances) < SLOPE_REACH * spread, ink, 0.0)
    is_sure = np.sqrt(12.0 * moment / total) > SHORTEST_SLOPE * spread and abs(slope) >= LEVEL
    return float(np.clip(slope, -STEEPEST, STEEPEST)) if is_sure else 0.0


def _without_thin_bands(steps):
    def largest(values):
        padded = np.pad(values, THIN // 2, constant_values=-np.inf)
        return np.lib.stride_tricks.sliding_window_view(padded, THIN).max(axis=-1)

    opened = largest(-largest(-steps))
    return opened if opened.sum() > ENOUGH * steps.sum() else steps


def _without_neighbours(steps, places, core):
    distances = np.abs(places)
    is_same_side = places[:, np.newaxis] * places > 0.0
    is_between = is_same_side & (distances <= distances[:, np.newaxis]) & (distances >= core)
    lowest = np.minimum(steps, np.where(is_between, steps, np.inf).min(axis=1))
    is_risen = steps - lowest > RISE * steps.max()
    is_beyond = is_same_side & is_risen & (lowest[:, np.newaxis] <= lowest) & (distances >= core)[:, np.newaxis]
    return np.where(is_beyond.any(axis=1), 0.0, steps)


def _strongest_band(steps, rows, height):
    spreads = BAND_SPREADS * height
    widths = BAND_WIDTH * spreads[:, np.newaxis, np.newaxis]
    squares = ((rows[:, np.newaxis] - rows) / widths).astype(np.float32) ** 2
    kernels = (1.0 - squares) * np.exp(-squares / 2.0) / widths**BAND_EXPONENT
    bands = (kernels @ steps) * np.exp(-0.5 * ((rows / height - 0.5) / CENTRE) ** 2)
    size, place = np.unravel_index(bands.argmax(), bands.shape)
    return rows[place], spreads[size]
