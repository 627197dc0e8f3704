"""Reading order of lines: rows first, then columns from left to right, each from top to bottom."""

from collections.abc import Sequence

import numpy as np

from seqapp.models.line_finder.found_line import FoundLine

ROW_STEP = 0.5  # heights by which neighbours in one row may lie apart
ROW_GAP = 1.5  # heights between them; what lies farther away may be another column
OVERLAP = 0.1  # share of the narrower one that must lie under the other to be under it


def reading_order(lines: Sequence[FoundLine]) -> list[int]:
    """Return the places of lines in the order in which they are read.

    Parts of one row that lie close together count as one. Then what lies above comes first where two overlap in x; else
    what lies to the left, unless a third one that overlaps both lies between in y (Breuel, High performance document
    layout analysis, 2003).

    Args:
        lines: `FoundLine`s that run from left to right.

    Returns:
        Indices of `lines`.
    """
    rows = _rows(lines)
    boxes = np.array([_box([lines[k] for k in row]) for row in rows]).reshape(-1, 3)
    return [k for row in _sorted(boxes) for k in rows[row]]


def _rows(lines):
    """Return lists of indices: parts of one row, from left to right."""
    rows: list[list[int]] = []
    for k in sorted(range(len(lines)), key=lambda k: lines[k].baseline[0, 0]):
        row = next((row for row in rows if _goes_on(lines[row[-1]], lines[k])), None)
        if row is None:
            rows.append([k])
        else:
            row.append(k)
    return rows


def _goes_on(line, other):
    height = min(line.above + line.below, other.above + other.below)
    gap, step = other.baseline[0] - line.baseline[-1]
    return -height / 2 <= gap <= ROW_GAP * height and abs(step) <= ROW_STEP * height


def _box(parts):
    """Return left, right and middle height of a row."""
    points = np.concatenate([part.baseline for part in parts])
    return points[:, 0].min(), points[:, 0].max(), points[:, 1].mean()


def _sorted(boxes):
    """Sort boxes topologically; what no rule decides goes from top to bottom."""
    before = _before(boxes)
    remaining = list(np.argsort(boxes[:, 2], kind="stable")) if len(boxes) else []
    order = []
    while remaining:
        free = [k for k in remaining if not before[remaining, k].any()]
        first = free[0] if free else remaining[0]
        order.append(int(first))
        remaining.remove(first)
    return order


def _before(boxes):
    """Return bool `[n, n]`: whether the one of the row is read before that of the column."""
    left, right, y = boxes.T
    common = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    overlaps = common > OVERLAP * np.minimum((right - left)[:, None], right - left)
    above = overlaps & (y[:, None] < y)
    beside = ~overlaps & (left[:, None] < left)
    for a, b in np.argwhere(beside):
        between = (y > min(y[a], y[b])) & (y < max(y[a], y[b]))
        beside[a, b] = not (between & overlaps[a] & overlaps[b]).any()
    return above | beside
