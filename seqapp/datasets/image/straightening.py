"""Baseline rectification: a text line cut out of its page along its baseline, its neighbours masked."""

import numpy as np
from PIL import Image, ImageDraw

from seqapp.datasets.image.page import TextLine

MAX_LINE_PIXELS = 60_000_000  # of a straightened line: its polygon covers a page then, or a map
PAPER_COLUMNS = 64  # over which the colour of the paper is taken to be one


def straighten(page: np.ndarray, line: TextLine) -> np.ndarray:
    """Cut a line out of a page.

    The baseline's direction becomes the horizontal, its bends are pushed flat column by column. What lies outside the
    polygon, above all the neighbours' ascenders and descenders, is replaced by the paper found inside nearby.

    Args:
        page: Grey uint8 `[H, W]`.
        line: Its polygon may reach beyond the page. Without a baseline nothing is straightened.

    Returns:
        Grey uint8 `[h, w]`, in the page's resolution.

    Raises:
        ValueError: No polygon, or it lies outside the page or has no area.
    """
    polygon = _inside(line.polygon, page.shape)
    origin, along, bends = _frame(line.baseline)
    down = np.array([-along[1], along[0]])
    u = (polygon - origin) @ along
    v = (polygon - origin) @ down - np.interp(u, *bends)
    columns = _steps(u)
    rows = _steps(v)
    if len(columns) * len(rows) > MAX_LINE_PIXELS:
        raise ValueError(f"too large: a line of {len(columns)} x {len(rows)} pixels")
    depth = rows[:, np.newaxis] + np.interp(columns, *bends)
    x = origin[0] + columns * along[0] + depth * down[0]
    y = origin[1] + columns * along[1] + depth * down[1]
    return _on_paper(sample(page, x, y), _mask(polygon, x, y))


def sample(page: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Read a picture between its pixels, bilinearly; the pixel in column 0 covers x from 0 to 1.

    Args:
        page: Uint8 `[H, W]`.
        x: Float `[...]`, beyond the edge the edge is read.
        y: Float `[...]`.

    Returns:
        Float32 `[...]`.
    """
    height, width = page.shape
    x = np.clip(x - 0.5, 0, width - 1)
    y = np.clip(y - 0.5, 0, height - 1)
    left = np.minimum(x.astype(np.int64), max(width - 2, 0))
    top = np.minimum(y.astype(np.int64), max(height - 2, 0))
    right = np.minimum(left + 1, width - 1)
    bottom = np.minimum(top + 1, height - 1)
    x = (x - left).astype(np.float32)
    y = (y - top).astype(np.float32)
    above = (1 - x) * page[top, left] + x * page[top, right]
    return (1 - y) * above + y * ((1 - x) * page[bottom, left] + x * page[bottom, right])


def _inside(polygon: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    if len(polygon) < 3:
        raise ValueError(f"no polygon: expected three points at least, received {len(polygon)}")
    low = polygon.min(axis=0)
    high = polygon.max(axis=0)
    height, width = shape
    if (high <= 0).any() or low[0] >= width or low[1] >= height:
        raise ValueError(f"outside the page: x from {low[0]:g} to {high[0]:g}, y from {low[1]:g} to {high[1]:g}")
    return np.clip(polygon, 0, [width, height])


def _frame(baseline: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return origin, direction, and bends away from both, as (along, down), both rising with the line."""
    flat = np.zeros(1), np.zeros(1)
    extent = np.ptp(baseline, axis=0) if len(baseline) > 1 else np.zeros(2)
    if not extent.any():
        return np.zeros(2), np.array([1.0, 0.0]), flat
    middle = baseline.mean(axis=0)
    origin = np.round(middle)  # so that a level line is cut along the pixels' borders
    along = np.linalg.svd(baseline - middle, full_matrices=False)[2][0]
    # Left to right, also where a script is written the other way: its letters stand upright all the same. A vertical
    # line goes where its points go.
    way = along[0] if extent[0] >= extent[1] else along @ (baseline[-1] - baseline[0])
    along = along if way > 0 else -along
    places = (baseline - origin) @ along
    bends = (baseline - origin) @ np.array([-along[1], along[0]])
    order = np.argsort(places, kind="stable")
    return origin, along, (places[order], bends[order])


def _steps(places: np.ndarray) -> np.ndarray:
    """Return the middles of pixels from the lowest to the highest place, one at least."""
    first = np.floor(places.min())
    last = np.ceil(places.max())
    return np.arange(first, max(last, first + 1)) + 0.5


def _mask(polygon: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return a bool for each place: True in the polygon, its outline included."""
    low = np.floor(polygon.min(axis=0))
    width, height = (np.ceil(polygon.max(axis=0)) - low).astype(int) + 1
    mask = Image.new("L", (int(width), int(height)))
    ImageDraw.Draw(mask).polygon([tuple(point) for point in polygon - low], fill=1, outline=1)
    column = np.floor(x - low[0]).astype(int)
    row = np.floor(y - low[1]).astype(int)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    in_polygon = np.asarray(mask)[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)] > 0
    mask = in_polygon & inside
    if not mask.any():
        raise ValueError("no area: the polygon holds no pixel of the page")
    return mask


def local_paper(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the colour of the paper, float `[w]`, along a line `[h, w]`: most of what a line covers is paper.

    Args:
        values: Grey `[h, w]`.
        mask: Bool `[h, w]`, what to look at: one place at least.
    """
    width = values.shape[1]
    middles: list[float] = []
    colours: list[float] = []
    for start in range(0, width, PAPER_COLUMNS):
        inside = values[:, start : start + PAPER_COLUMNS][mask[:, start : start + PAPER_COLUMNS]]
        if len(inside):
            middles.append(start + PAPER_COLUMNS / 2)
            colours.append(np.median(inside))
    return np.interp(np.arange(width) + 0.5, middles, colours)


def _on_paper(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return np.round(np.where(mask, values, local_paper(values, mask))).astype(np.uint8)
