"""Ridge tracking: polylines along the crests of a map of baselines, column by column."""

import dataclasses

import numpy as np

LOW = 0.25  # probability from which a place may belong to a baseline
HIGH = 0.55  # mean probability that a ridge must reach: printed small print and edges of paper stay below
END = 0.5  # probability from which a place is the end of a line
MAX_STEP = 1.3  # rows from one column to the next
MAX_GAP = 2  # columns without a crest that a ridge bridges
MIN_COLUMNS = 2  # of a ridge
END_REACH = 3  # columns from its tip within which a ridge is expected to end


@dataclasses.dataclass
class Ridge:
    """Crest of a map.

    Args:
        columns: Int `[n]`, rising by 1.
        rows: Float `[n]`.
        confidences: Float `[n]`: the map along it.
    """

    columns: np.ndarray
    rows: np.ndarray
    confidences: np.ndarray

    def part(self, start: int, end: int) -> "Ridge":
        return Ridge(self.columns[start:end], self.rows[start:end], self.confidences[start:end])


def find_ridges(baseline: np.ndarray, end: np.ndarray) -> list[Ridge]:
    """Follow the crests of a map from left to right, and cut them where lines end.

    Two lines that touch somewhere stay two, which connected components would not tell apart.

    Args:
        baseline: Float `[H, W]`, probabilities.
        end: Float `[H, W]`, probabilities of ends of lines.

    Returns:
        `Ridge`s, in no particular order.
    """
    parts = [part for ridge in _track(baseline) for part in _cut(ridge, end)]
    return [ridge for ridge in parts if len(ridge.columns) >= MIN_COLUMNS and ridge.confidences.mean() >= HIGH]


def _track(baseline):
    """Link crests of neighbouring columns; each goes to the ridge that points at it most closely."""
    active, done = [], []
    for column in range(baseline.shape[1]):
        rows, heights = _crests(baseline[:, column])
        done += [track for track in active if column - track[-1][0] > MAX_GAP]
        active = [track for track in active if column - track[-1][0] <= MAX_GAP]
        free = _extend(active, column, rows, heights)
        active += [[(column, rows[k], heights[k])] for k in free]
    return [_ridge(track) for track in done + active if len(track) >= MIN_COLUMNS]


def _crests(values):
    """Return the rows, between the places of the grid, of the local maxima of a column, and their heights."""
    padded = np.pad(values, 1)
    is_crest = (padded[1:-1] >= LOW) & (padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:])
    places = np.flatnonzero(is_crest)
    around = np.stack([padded[places + k] for k in range(3)])
    return places + (around[2] - around[0]) / around.sum(0), around[1]


def _extend(active, column, rows, heights):
    """Give crests to ridges, the closest pairs first; return the crests that are left."""
    if not active or not len(rows):
        return range(len(rows))
    expected = np.array([_expected_row(track, column) for track in active])
    steps = np.array([column - track[-1][0] for track in active])
    distances = np.abs(expected[:, np.newaxis] - rows)
    taken, extended = set(), set()
    for pair in np.argsort(distances, axis=None):
        ridge, crest = divmod(int(pair), len(rows))
        if distances[ridge, crest] > MAX_STEP * steps[ridge] ** 0.5:
            if distances[ridge, crest] > 2 * MAX_STEP:
                break
            continue
        if ridge not in extended and crest not in taken:
            active[ridge].append((column, rows[crest], heights[crest]))
            extended.add(ridge)
            taken.add(crest)
    return [crest for crest in range(len(rows)) if crest not in taken]


def _expected_row(track, column):
    """Return where a ridge would go on: along its last eight columns."""
    last = track[-1]
    first = track[max(0, len(track) - 8)]
    slope = (last[1] - first[1]) / (last[0] - first[0]) if len(track) > 3 else 0.0
    return last[1] + slope * (column - last[0])


def _ridge(track):
    places, rows, heights = (np.array(values) for values in zip(*track))
    columns = np.arange(places[0], places[-1] + 1)
    return Ridge(columns, np.interp(columns, places, rows), np.interp(columns, places, heights))


def _cut(ridge, end):
    """Cut a ridge where it passes an end of a line, far from its own tips, at its weakest place there."""
    places = np.clip(np.round(ridge.rows).astype(int), 0, len(end) - 1)
    is_end = end[places, ridge.columns] >= END
    is_end[:END_REACH] = is_end[-END_REACH:] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_end.astype(int), [0]])))
    runs = list(zip(edges[::2], edges[1::2]))
    cuts = [start + int(np.argmin(ridge.confidences[start:stop])) for start, stop in runs]
    return [ridge.part(a, b) for a, b in zip([0, *cuts], [*cuts, len(ridge.columns)])]
