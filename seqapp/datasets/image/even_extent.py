"""Vertical extent and slope of a line's ink among remains of its neighbours: `seqapp.features.image.even_extent` in NumPy.

Reasons stand there; readers do without TensorFlow, and a test holds both equal. Here too columns are the first axis.
"""

import numpy as np

BLANK_SPREAD, SMALLEST_SPREAD, LARGEST_SPREAD = 1 / 8, 1 / 40, 1 / 3
STEP_NOISE, STEP_DEVIATIONS = 0.04, 0.68
BAND_SPREADS = np.array([SMALLEST_SPREAD * 10.0 ** (k / 15) for k in range(16)], np.float32)
BAND_WIDTH, BAND_EXPONENT, CENTRE = 1.3, 0.9, 0.5
REFINEMENTS, REACH, EDGE = 3, 2.2, 0.5
CALIBRATION = 1.0


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
    middle, spread = _strongest_band(steps, rows, height)
    for _ in range(REFINEMENTS):
        weights = steps * np.clip(1.0 - (np.abs(rows - middle) / spread - REACH) / EDGE, 0.0, 1.0)
        if total := weights.sum():
            middle = (rows * weights).sum() / total
        variance = ((rows - middle) ** 2 * weights).sum() / total if total else 0.0
        spread = max(np.sqrt(variance), height * SMALLEST_SPREAD / CALIBRATION)
    return float(middle), float(min(spread * CALIBRATION, height * LARGEST_SPREAD))


def _strongest_band(steps, rows, height):
    spreads = BAND_SPREADS * height
    widths = BAND_WIDTH * spreads[:, np.newaxis, np.newaxis]
    squares = ((rows[:, np.newaxis] - rows) / widths) ** 2
    kernels = (1.0 - squares) * np.exp(-squares / 2.0) / widths**BAND_EXPONENT
    bands = (kernels @ steps) * np.exp(-0.5 * ((rows / height - 0.5) / CENTRE) ** 2)
    size, place = np.unravel_index(bands.argmax(), bands.shape)
    return rows[place], spreads[size]
