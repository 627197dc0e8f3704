"""Ink of a line image free of light, grain, ruling and frames, in NumPy.

This is `seqapp.features.image.even_ink`; reasons stand there; readers do without TensorFlow, and a test holds both
equal. Here too columns are the first axis.
"""

import numpy as np

BLOCK, PAPER_BLOCKS, LIGHT_BLOCKS, DARKEST_LIGHT = 4, 5, 33, 0.4
SQUARE, SKEWED, DARK_PAPER = 8, 0.15, 100 / 255
SPECK, FEWEST_SPECKS = 0.2, 0.003
SHORTEST, WINDOW, SAMPLES, THICKEST = 96, 64, 32, 9
ROW_GROUPS, FAINTEST_LIGHT = 16, 0.4
LEVELS, LOWEST, HIGHEST = 384, -0.5, 1.0
INK_NOISE, NOISE_DEVIATIONS, FEWEST_PIXELS = 0.1, 3.0, 6


def even_ink(columns: np.ndarray) -> tuple[np.ndarray, float]:
    """Return darkness, float32 `[W, H]` in [0, 1], of columns dark on light, and the deviation of its grain."""
    return _contrast(without_lines(lost_light(despeckled(columns))))


def is_negative(columns: np.ndarray) -> bool:
    """Tell whether ink is lighter than paper, float32 `[W, H]` in [0, 1]."""
    grey = _squares(columns[::2, ::2], SQUARE)
    difference = grey - grey.mean(axis=(1, 3), keepdims=True)
    cubes = difference**3
    total = np.abs(cubes).sum()
    asymmetry = cubes.sum() / total if total else 0.0
    return bool(asymmetry > 0 if abs(asymmetry) > SKEWED else grey.mean() < DARK_PAPER and total > 1e-6)


def despeckled(columns: np.ndarray) -> np.ndarray:
    """Bring each pixel into the range of the eight around it, `[W, H]` of any numbers."""
    around = np.pad(columns, 1, mode="edge")

    def best(one):
        three = one(one(around[:, :-2], around[:, 1:-1]), around[:, 2:])
        return one(one(three[:-2], three[2:]), one(around[1:-1, :-2], around[1:-1, 2:]))

    return np.minimum(np.maximum(columns, best(np.minimum)), best(np.maximum))


def without_specks(columns: np.ndarray) -> np.ndarray:
    """Do so where many pixels, float32 in [0, 1], leave that range by far."""
    calm = despeckled(columns)
    return calm if (np.abs(columns - calm) > SPECK).mean() > FEWEST_SPECKS else columns


def lost_light(columns: np.ndarray) -> np.ndarray:
    """Return the share of the light that a place loses to what is on the paper, float32 `[W, H]`."""
    blocks = _squares(columns, BLOCK).mean(axis=(1, 3))
    paper = -_largest_around(-_largest_around(blocks, PAPER_BLOCKS), PAPER_BLOCKS)
    light = _largest(blocks.max(axis=1, keepdims=True), LIGHT_BLOCKS)
    paper = _mean_of_nine(np.maximum(paper, DARKEST_LIGHT * light))
    paper = _interpolated(_interpolated(paper, columns.shape[0]).T, columns.shape[1]).T
    return 1.0 - columns / np.maximum(paper, 1 / 255)


def without_lines(lost: np.ndarray) -> np.ndarray:
    """Divide out the light that ruled lines, squares and frames take, float32 `[W, H]`."""
    lost = _divided(lost, _ruled(lost))
    return _divided(lost, _upright(lost))


def _ruled(lost):
    width = len(lost)
    count = max(width // WINDOW, 3)
    common = _common_to_windows(lost, count).T
    near = _largest(common, 3)
    far = _largest(near, 3)
    before = np.concatenate([far[:, 2:3], near[:, :-1]], axis=1)
    after = np.concatenate([near[:, 1:], far[:, -3:-2]], axis=1)
    lasting = np.minimum(common, np.minimum(before, after))
    half = THICKEST // 2
    thin = -_largest(-np.pad(lasting, ((half, half), (0, 0))), THICKEST)[half:-half]
    lasting = (lasting - _largest(thin, THICKEST)) * (width >= SHORTEST)
    return _interpolated(lasting.T, width, width / count)


def _common_to_windows(lost, count):
    places = (np.arange(count * SAMPLES, dtype=np.float32) + np.float32(0.5)) / SAMPLES * np.float32(len(lost) / count)
    samples = lost[places.astype(np.int64)].reshape(2 * count, SAMPLES // 4, 2, -1)
    return np.maximum(samples.min(axis=1).reshape(count, 4, -1).max(axis=1), 0.0)


def _upright(lost):
    width, height = lost.shape
    edges = np.arange(ROW_GROUPS + 1) * height // ROW_GROUPS
    # Not as a product of matrices: threads for so small ones cost more than they save.
    sums = np.cumsum(np.pad(lost, ((0, 0), (1, 0))), axis=1, dtype=np.float64)[:, edges]
    means = (np.diff(sums, axis=1) / np.maximum(np.diff(edges), 1)).astype(np.float32)
    return np.maximum(means.reshape(width, -1, 4).min(axis=1).max(axis=1, keepdims=True), 0.0)


def _divided(lost, line):
    return (lost - line) / np.maximum(1.0 - line, FAINTEST_LIGHT)


def _contrast(lost):
    levels = np.clip((lost[::2].ravel() - LOWEST) / (HIGHEST - LOWEST), 0.0, 1.0)
    counts = np.bincount(np.round((LEVELS - 1) * levels).astype(np.int64), minlength=LEVELS)
    step = (HIGHEST - LOWEST) / (LEVELS - 1)
    paper = _quantile(counts, 0.5)
    grain = (paper - _quantile(counts, 0.16)) * step
    ink = np.where(np.arange(LEVELS) > paper + max(INK_NOISE, NOISE_DEVIATIONS * grain) / step, counts, 0)
    dark = _quantile(ink, 0.9) if ink.sum() >= FEWEST_PIXELS else LEVELS - 1
    paper = paper * step + LOWEST + grain
    scale = 1.0 / max(dark * step + LOWEST - paper, INK_NOISE)
    return np.clip((lost - paper) * scale, 0.0, 1.0), grain * scale


def _quantile(counts, share):
    cumulative = np.cumsum(counts).astype(np.float32)
    return int(np.searchsorted(cumulative, np.float32(share) * cumulative[-1]))


def _squares(columns, size):
    width, height = columns.shape
    across = -(-width // size)
    down = -(-height // size)
    columns = np.pad(columns, ((0, across * size - width), (0, down * size - height)), mode="edge")
    return columns.reshape(across, size, down, size)


def _interpolated(values, size, step=BLOCK):
    place = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / np.float32(step) - np.float32(0.5)
    place = np.clip(place, 0.0, len(values) - 1)
    left = np.floor(place).astype(np.int64)
    part = (place - left)[:, np.newaxis].astype(np.float32)
    return (1.0 - part) * values[left] + part * values[np.minimum(left + 1, len(values) - 1)]


def _largest(values, size):
    padded = np.pad(values, ((size // 2, size // 2), (0, 0)), constant_values=-np.inf)
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=0).max(axis=-1)


def _largest_around(values, size):
    return _largest(_largest(values, size).T, size).T


def _mean_of_nine(values):
    around = np.pad(values, 1, mode="edge")
    three = around[:-2] + around[1:-1] + around[2:]
    return (three[:, :-2] + three[:, 1:-1] + three[:, 2:]) / 9.0
