"""Curves from control polygons: corners rounded, then the proportions, slant and drifts of a free hand."""

import functools

import numpy as np

from seqapp.datasets.ink.synthetic_ink.style import Style

STEP = 0.05  # distance of a curve's points, in x-heights: finer than a fast pen's samples
_FEWEST = 6  # points of the shortest curve, so that a dot has a direction and a speed


def path_of(strokes: list[np.ndarray], style: Style, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw strokes as one writer would.

    Args:
        strokes: Control polygons `[n, 2]` in x-heights, in the order of writing.
        style: The hand.
        draw: Source of the drifts along the line.

    Returns:
        Float64 `[N, 2]` points of all curves, STEP apart before distortion, and int `[S]` their ends (exclusive).
    """
    curves = [rounded(stroke, style.rounding) for stroke in strokes]
    return _free_hand(np.concatenate(curves), style, draw), np.cumsum([len(curve) for curve in curves])


def rounded(polygon: np.ndarray, rounding: float) -> np.ndarray:
    """Resample a polygon evenly and smooths it.

    Args:
        polygon: Float64 `[n, 2]`, n >= 2.
        rounding: Standard deviation of the Gaussian that rounds corners, in x-heights.

    Returns:
        Float64 `[m, 2]` points about STEP apart; the first and last are the polygon's own.
    """
    step = polygon[1:] - polygon[:-1]
    distance = np.zeros(len(polygon))
    np.cumsum(np.hypot(step[:, 0], step[:, 1]), out=distance[1:])
    count = max(_FEWEST, int(distance[-1] / STEP) + 1)
    at = evenly(0.0, distance[-1], count)
    radius = min(int(round(2.5 * rounding / STEP)), count - 1)
    kernel = _gaussian(rounding, radius)
    smooth = np.empty((count, 2))
    for axis in (0, 1):
        smooth[:, axis] = _smoothed(np.interp(at, distance, polygon[:, axis]), kernel, radius)
    return smooth


def evenly(first: float, last: float, count: int) -> np.ndarray:
    """Return what np.linspace does for numbers, count > 1, in a fifth of its time: it is called for every stroke."""
    values = np.arange(count) * ((last - first) / (count - 1)) + first
    values[-1] = last
    return values


@functools.lru_cache(maxsize=256)
def _gaussian(rounding: float, radius: int) -> np.ndarray:
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) * STEP / rounding) ** 2)
    return kernel / kernel.sum()


def _smoothed(values: np.ndarray, kernel: np.ndarray, radius: int) -> np.ndarray:
    # Reflected through its end points, so that smoothing does not shorten the stroke.
    before = 2.0 * values[0] - values[radius:0:-1]
    after = 2.0 * values[-1] - values[-2 : -2 - radius : -1]
    return np.correlate(np.concatenate([before, values, after]), kernel, "valid")  # the kernel is symmetric


def slow_wave(x: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return two added sines of random phase, of variance 1, their periods several letters long."""
    periods = draw.uniform(6.0, 15.0), draw.uniform(15.0, 50.0)
    phases = draw.uniform(0.0, 2.0 * np.pi), draw.uniform(0.0, 2.0 * np.pi)
    first, second = (np.sin(2.0 * np.pi / period * x + phase) for period, phase in zip(periods, phases))
    return first + second


def _free_hand(path: np.ndarray, style: Style, draw: np.random.Generator) -> np.ndarray:
    x, y = path.T
    y = np.where(y < -1.0, -1.0 + (y + 1.0) * style.ascender, y)
    y = np.where(y > 0.0, y * style.descender, y)
    y = y * np.exp(style.size_drift * slow_wave(x, draw))
    shear = style.slant + 0.03 * slow_wave(x, draw)
    line = (style.slope + draw.normal(0.0, 0.01)) * x + style.wander * slow_wave(x, draw)
    return np.stack([x - shear * y, y + line], axis=1)
