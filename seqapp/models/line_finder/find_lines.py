"""Lines from the maps of a line finder: ridges joined, simplified, measured, and put into reading order."""

import numpy as np

from seqapp.features.image.page_crop import GRID, HEIGHT_UNIT
from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.line_finder.reading_order import reading_order
from seqapp.models.line_finder.ridges import END, Ridge, find_ridges

JOIN_GAP = 1.2  # heights of a line over which two of its parts are joined
JOIN_STEP = 0.25  # heights by which these may lie apart
SAME = 0.35  # heights: ridges that run so close together are one
TOLERANCE = 1.0  # pixels of the scaled page by which a simplified baseline may deviate
LEAST_LENGTH = 0.4  # heights: shorter ones are dots and dashes


def find_lines(maps: np.ndarray) -> list[FoundLine]:
    """Turn maps into lines.

    Args:
        maps: Float32 `[H, W, 4]`: probabilities of baseline and end, heights above and below in units of 32 pixels.

    Returns:
        `FoundLine`s in reading order, in pixels of the page that the maps are of. Lines that run up or down the page
        are left out.
    """
    lines = [_line(ridge, maps) for ridge in find_ridges(maps[..., 0], maps[..., 1])]
    lines = _without_twins(_joined([line for line in lines if line is not None], maps[..., 1]))
    return in_order([_simplified(line) for line in lines if _length(line) >= LEAST_LENGTH * _height(line)])


def in_order(lines: list[FoundLine]) -> list[FoundLine]:
    """Return lines in reading order."""
    return [lines[k] for k in reading_order(lines)]


def _line(ridge: Ridge, maps) -> FoundLine | None:
    rows = np.clip(np.round(ridge.rows).astype(int), 0, len(maps) - 1)
    above, below = np.median(maps[rows, ridge.columns, 2:], axis=0) * HEIGHT_UNIT
    if above + below < 2:
        return None
    x = (ridge.columns + 0.5) * GRID[1]
    y = (_smooth(ridge.rows) + 0.5) * GRID[0]
    # A ridge is told column by column: it reaches to the edges of the first and of the last.
    x = np.concatenate([[x[0] - GRID[1] / 2], x, [x[-1] + GRID[1] / 2]])
    y = np.concatenate([y[:1], y, y[-1:]])
    return FoundLine(np.column_stack([x, y]), float(above), float(below), float(ridge.confidences.mean()))


def _smooth(rows):
    padded = np.pad(rows, 2, mode="edge")
    return np.convolve(padded, np.full(5, 0.2), "valid")


def _joined(lines, end):
    """Join parts of a line across small gaps, where the map of ends does not say that one ends there."""
    lines = sorted(lines, key=lambda line: line.baseline[0, 0])
    for k in range(len(lines)):
        while lines[k] is not None and (other := _continuation(lines, k, end)) is not None:
            lines[k] = _concatenated(lines[k], lines[other])
            lines[other] = None
    return [line for line in lines if line is not None]


def _continuation(lines, k, end):
    line = lines[k]
    height = _height(line)
    tip = line.baseline[-1]
    best, nearest = None, JOIN_GAP * height
    for other, candidate in enumerate(lines):
        if candidate is None or other == k:
            continue
        gap, step = candidate.baseline[0] - tip
        if -height / 2 <= gap <= nearest and abs(step) <= JOIN_STEP * height and _goes_on(end, tip, candidate):
            best, nearest = other, gap
    return best


def _goes_on(end, tip, candidate):
    """Return whether there is no end both before and after a gap: one of the two alone may be noise."""
    return min(_near(end, tip), _near(end, candidate.baseline[0])) < END


def _near(end, place):
    column, row = np.round(place / (GRID[1], GRID[0]) - 0.5).astype(int)
    return end[max(0, row - 1) : row + 2, max(0, column - 2) : column + 3].max(initial=0.0)


def _concatenated(line, other):
    sizes = np.array([len(line.baseline), len(other.baseline)])
    above, below, confidence = (
        float(np.average([getattr(part, name) for part in (line, other)], weights=sizes))
        for name in ("above", "below", "confidence")
    )
    rest = other.baseline[other.baseline[:, 0] > line.baseline[-1, 0]]
    return FoundLine(np.concatenate([line.baseline, rest]), above, below, confidence)


def _without_twins(lines):
    """Leave out the less certain one of two lines that run along each other."""
    kept: list[FoundLine] = []
    for line in sorted(lines, key=lambda line: -line.confidence * _length(line)):
        if not any(_covered(line, other) > 0.5 for other in kept):
            kept.append(line)
    return kept


def _covered(line, other):
    """Return the share of a line that runs closely along another one."""
    x, y = line.baseline.T
    own = other.baseline
    apart = np.abs(np.interp(x, own[:, 0], own[:, 1]) - y)
    return np.mean((x >= own[0, 0]) & (x <= own[-1, 0]) & (apart < SAME * _height(line)))


def _simplified(line):
    return FoundLine(simplify(line.baseline, TOLERANCE), line.above, line.below, line.confidence)


def simplify(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Leave out points of a polyline that lie within a tolerance of what remains (Douglas and Peucker, 1973)."""
    if len(points) <= 2:
        return points
    along = points[-1] - points[0]
    offsets = points - points[0]
    distances = np.abs(along[0] * offsets[:, 1] - along[1] * offsets[:, 0]) / max(1e-9, np.hypot(*along))
    farthest = int(np.argmax(distances))
    if distances[farthest] <= tolerance:
        return points[[0, -1]]
    return np.concatenate([simplify(points[: farthest + 1], tolerance)[:-1], simplify(points[farthest:], tolerance)])


def _height(line):
    return line.above + line.below


def _length(line):
    return line.baseline[-1, 0] - line.baseline[0, 0]
