"""Evaluation of a line finder: precision, recall and F of baselines; missed, spurious, merged and split lines."""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

TOLERANCE = 0.25  # of the usual line height of a page, by which a baseline may lie off
STEP = 4.0  # pixels between the points at which baselines are compared
FOUND = 0.5  # share of a line that must be covered
PART = 0.25  # share of a line that makes another one a part of it


@dataclasses.dataclass(frozen=True)
class LineCounts:
    """Lines of one or many pages, compared.

    Attributes:
        lines: Lines that there are.
        found: Lines that were found.
        missed: Lines of which less than half is covered by what was found.
        spurious: Found lines of which less than half lies on a line.
        merged: Found lines that cover a quarter or more of each of two lines or more.
        split: Lines of which two found ones or more cover a quarter or more each.
        recalled: Shares of the lines that are covered, summed.
        precise: Shares of the found lines that lie on lines, summed.
    """

    lines: int = 0
    found: int = 0
    missed: int = 0
    spurious: int = 0
    merged: int = 0
    split: int = 0
    recalled: float = 0.0
    precise: float = 0.0

    def __add__(self, other: "LineCounts") -> "LineCounts":
        return LineCounts(*(a + b for a, b in zip(dataclasses.astuple(self), dataclasses.astuple(other))))

    @property
    def recall(self) -> float:
        return self.recalled / self.lines if self.lines else 1.0

    @property
    def precision(self) -> float:
        return self.precise / self.found if self.found else 1.0

    @property
    def f(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def to_dict(self) -> dict[str, float]:
        """Return the counts and rates for a report."""
        counts = {
            name: value for name, value in dataclasses.asdict(self).items() if name not in ("recalled", "precise")
        }
        return {"precision": self.precision, "recall": self.recall, "f": self.f, **counts}


def compare_lines(references: Sequence[np.ndarray], found: Sequence[np.ndarray], line_height: float) -> LineCounts:
    """Compare the baselines of a page with those that were found.

    As in the cBAD competitions a baseline is right where it lies within a tolerance of the true one: a quarter of the
    height of the page's lines, from ascender to descender, about a quarter of the distance from line to line.

    Args:
        references: Float `[N, 2]` of x, y each.
        found: Likewise.
        line_height: Median height of the page's lines, in pixels.
    """
    tolerance = TOLERANCE * line_height
    true, guessed = [_points(line) for line in references], [_points(line) for line in found]
    covers = np.zeros((len(true), len(guessed)))  # share of a line that a found one covers
    covered = [np.zeros(len(points), bool) for points in true]
    right = [np.zeros(len(points), bool) for points in guessed]
    for k, line in enumerate(true):
        for j, other in enumerate(guessed):
            near, near_back = _within(line, other, tolerance)
            covers[k, j] = near.mean()
            covered[k] |= near
            right[j] |= near_back
    recalled = np.array([points.mean() for points in covered])
    precise = np.array([points.mean() for points in right])
    return LineCounts(
        len(true), len(guessed), int((recalled < FOUND).sum()), int((precise < FOUND).sum()),
        int(((covers >= PART).sum(0) >= 2).sum()), int(((covers >= PART).sum(1) >= 2).sum()),
        float(recalled.sum()), float(precise.sum()),
    )  # fmt: skip


def lie_on_lines(references: Sequence[np.ndarray], found: Sequence[np.ndarray], line_height: float) -> np.ndarray:
    """Tell which found baselines lie on one of a page: bool `[M]`, False for those that `compare_lines` calls spurious.

    Args:
        references: Float `[N, 2]` of x, y each.
        found: Likewise, M of them.
        line_height: As for `compare_lines`.
    """
    true, result = [_points(line) for line in references], []
    for points in map(_points, found):
        near = [_within(line, points, TOLERANCE * line_height)[1] for line in true]
        result.append(np.any(near, axis=0).mean() >= FOUND if near else False)
    return np.array(result, bool)


def total(counts: Iterable[LineCounts]) -> LineCounts:
    """Return the sum over pages."""
    return sum(counts, LineCounts())


def _points(line):
    """Return points along a polyline, about `STEP` apart, both ends among them."""
    line = np.asarray(line, np.float64)
    lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    places = np.linspace(0, lengths[-1], max(2, round(lengths[-1] / STEP)))
    return np.column_stack([np.interp(places, lengths, line[:, axis]) for axis in (0, 1)])


def _within(points, others, tolerance):
    """Return which points lie within a distance of the others, and which of the others of them."""
    low, high = points.min(0) - tolerance, points.max(0) + tolerance
    if (others.max(0) < low).any() or (others.min(0) > high).any():
        return np.zeros(len(points), bool), np.zeros(len(others), bool)
    # Twice the step, so that gaps between points count for nothing.
    squares = ((points[:, np.newaxis] - others) ** 2).sum(2)
    near = squares <= tolerance**2 + STEP**2
    return near.any(1), near.any(0)
