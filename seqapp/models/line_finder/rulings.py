"""Rulings of tables: lines that were found across an upright ruling are cut there, so that each cell has its own."""

import numpy as np

from seqapp.models.line_finder.found_line import FoundLine

STROKE = 4  # pixels: wider is no ruling but an edge
CONTRAST = 0.25  # of the ink's, at least, that a ruling has with the paper beside it
LENGTH = 6.0  # heights of a line that a ruling is long, at least: through several lines of writing
FILLED = 0.85  # share of its length in which a ruling is seen: writing crosses it, and ink fades
SLOPES = np.linspace(-0.08, 0.08, 9)  # columns by which a ruling moves from row to row
ROW_STEP = 4  # rows from one that is looked at to the next
GAP = 0.2  # heights of paper beside a ruling, on one side of it at least: words run through margin lines
SPECKS = 0.01  # share of such a gap that may be dark
BESIDE = 0.2  # heights of a piece that are left beside its ink
VOTE = 0.6  # share of the lines across a ruling that must have such a gap: on squared paper most words run through
SAME = 5  # pixels by which places of one ruling differ, once its slope is taken off
SHORTEST = 0.4  # heights: shorter pieces are specks


def cut_at_rulings(lines: list[FoundLine], page: np.ndarray) -> list[FoundLine]:
    """Cut lines where an upright ruling passes between their words.

    Args:
        lines: `FoundLine`s, in pixels of the page.
        page: uint8 `[H, W]`, dark on light.

    Returns:
        The lines; in the place of one that was cut its pieces, as far as they have ink.
    """
    if not lines:
        return lines
    darkness = _darkness(page)
    ink = _ink_of_lines(lines, darkness)
    height = float(np.median([line.above + line.below for line in lines]))
    rulings = _rulings(darkness[::ROW_STEP] > CONTRAST * ink, height)
    crossings = [_crossings(line, rulings) for line in lines]
    strips = [_Strip(line, page, ink) if places else None for line, places in zip(lines, crossings)]
    gaps = [[strip.has_gap(*place[:2]) for place in places] for strip, places in zip(strips, crossings)]
    votes = _votes([place[2] for places in crossings for place in places], sum(gaps, []))
    cuts = [
        [place[:2] for place, has_gap in zip(places, row) if has_gap and votes[place[2]] >= VOTE]
        for places, row in zip(crossings, gaps)
    ]
    return [piece for line, strip, places in zip(lines, strips, cuts) for piece in _pieces(line, strip, places)]


def _darkness(page):
    """Return how much darker each pixel is than the lighter ones to its left and right, int16 `[H, W]`."""
    grey = page.astype(np.int16)
    padded = np.pad(grey, ((0, 0), (STROKE, STROKE)), mode="edge")
    return np.minimum(padded[:, : -2 * STROKE], padded[:, 2 * STROKE :]) - grey


def _ink_of_lines(lines, darkness):
    """Return how dark the strokes of the usual line are, in grey levels: the darkest of its small letters."""
    values = [0.0]
    for line in lines:
        left, right = line.baseline[[0, -1], 0].astype(int)
        y = int(line.baseline[:, 1].mean())
        box = darkness[max(0, y - max(2, int(line.above / 2))) : max(0, y), max(0, left) : right + 1]
        if box.size:
            values.append(np.percentile(box, 95))
    return max(8.0, float(np.median(values)))


def _rulings(strokes, height):
    """Return where upright rulings run.

    Args:
        strokes: Bool `[H / ROW_STEP, W]`, what is dark and narrow.
        height: Of the lines, in pixels.

    Returns:
        Int, as `strokes`: 0 where there is none, else 1 + the place of its slope in `SLOPES`.
    """
    wide = strokes.copy()
    wide[:, 1:] |= strokes[:, :-1]
    wide[:, :-1] |= strokes[:, 1:]
    rows, columns = wide.shape
    length = max(4, round(LENGTH * height / ROW_STEP))
    result = np.zeros(wide.shape, np.int8)
    if rows < length:
        return result
    for number, slope in enumerate(SLOPES, 1):
        shift = np.round(slope * ROW_STEP * (np.arange(rows) - rows / 2)).astype(int)
        places = np.arange(columns) + shift[:, np.newaxis]
        inside = (places >= 0) & (places < columns)
        places = np.clip(places, 0, columns - 1)
        upright = np.take_along_axis(wide, places, 1) & inside
        long = _sums(upright, length) >= FILLED * length
        covered = _sums(np.pad(long, ((length - 1, length - 1), (0, 0))), length) > 0
        row, column = np.nonzero(covered & upright)
        result[row, places[row, column]] = number
    return result


def _sums(values, length):
    """Return the sums of bool `[H, W]` over so many rows from each on, int32 `[H - length + 1, W]`."""
    sums = np.cumsum(np.pad(values, ((1, 0), (0, 0))), axis=0, dtype=np.int32)
    return sums[length:] - sums[:-length]


def _pieces(line, strip, cuts):
    """Return a line, or what it consists of between cuts, as far as there is ink."""
    if not cuts:
        return [line]
    left, right = line.baseline[[0, -1], 0]
    starts, ends = [left, *(end + 2 for _, end in cuts)], [*(start - 1 for start, _ in cuts), right]
    spans = [strip.ink_between(start, end) for start, end in zip(starts, ends)]
    spans = [(max(start, first), min(end, last)) for start, end, (first, last) in zip(starts, ends, spans)]
    shortest = SHORTEST * (line.above + line.below)
    return [_part(line, start, end) for start, end in spans if end - start >= shortest]


def _crossings(line, rulings):
    """Return of each ruling that a line crosses in the middle of its small letters the first and the last column, and
    the column at which it passes the middle row of the page.
    """
    left, right = line.baseline[[0, -1], 0]
    columns = np.arange(max(0, int(np.ceil(left))), min(int(right) + 1, rulings.shape[1]))
    rows = (np.interp(columns, *line.baseline.T) - 0.3 * line.above) / ROW_STEP
    rows = np.clip(np.round(rows).astype(int), 0, len(rulings) - 1)
    slopes = rulings[rows, columns]
    middles = columns - SLOPES[slopes - 1] * ROW_STEP * (rows - len(rulings) / 2)
    places = np.flatnonzero(slopes)
    breaks = np.flatnonzero(np.diff(places) > STROKE)
    parts = [part for part in np.split(places, breaks + 1) if len(part)]
    return [(int(columns[part[0]]), int(columns[part[-1]]), float(np.median(middles[part]))) for part in parts]


def _votes(middles, gaps):
    """Return for each place of a ruling the share of the lines across the same one that have a gap there."""
    order = np.argsort(middles)
    ordered = np.asarray(middles)[order]
    groups = np.split(order, np.flatnonzero(np.diff(ordered) > SAME) + 1) if len(order) else []
    return {middles[k]: np.mean([gaps[j] for j in group]) for group in groups for k in group}


class _Strip:
    """Which columns along a line have ink.

    Args:
        line: `FoundLine`.
        page: uint8 `[H, W]`.
        ink: How much darker than paper strokes are.
    """

    def __init__(self, line, page, ink):
        self._height = height = line.above + line.below
        left, right = line.baseline[[0, -1], 0].astype(int)
        self._first = max(0, left - int(height))
        columns = np.arange(self._first, min(page.shape[1], right + int(height) + 1))
        y = np.round(np.interp(columns, *line.baseline.T)).astype(int)
        rows = y + np.arange(-round(0.6 * line.above), max(1, round(0.1 * height)))[:, np.newaxis]
        values = page[np.clip(rows, 0, len(page) - 1), columns]
        self._dark = (values < _paper(values, 3 * int(height)) - ink / 2).mean(0)

    def has_gap(self, start, end):
        """Return whether there is no ink close to a ruling, on its left or on its right."""
        width = max(3, round(GAP * self._height))
        start, end = start - self._first, end - self._first
        sides = self._dark[max(0, start - 1 - width) : max(0, start - 1)], self._dark[end + 2 : end + 2 + width]
        return any(side.mean() <= SPECKS for side in sides if side.size)

    def ink_between(self, start, end):
        """Return from where to where there is ink between two columns, with a little paper; an empty span for none."""
        start = max(0, int(start) - self._first)
        columns = np.flatnonzero(self._dark[start : max(start, int(end) + 1 - self._first)] > SPECKS)
        if not len(columns):
            return np.inf, -np.inf
        beside = BESIDE * self._height
        return self._first + start + columns[0] - beside, self._first + start + columns[-1] + beside


def _paper(values, width):
    """Return the grey of the paper around each column of a strip, float `[W]`: light and shadow change along a line."""
    count = values.shape[1]
    middles = np.arange(0, count, width // 2 + 1)
    levels = [np.percentile(values[:, max(0, k - width // 2) : k + width // 2 + 1], 75) for k in middles]
    return np.interp(np.arange(count), middles, levels)


def _part(line, start, end):
    x, y = line.baseline.T
    places = np.concatenate([[start], x[(x > start) & (x < end)], [end]])
    return FoundLine(np.column_stack([places, np.interp(places, x, y)]), line.above, line.below, line.confidence)
