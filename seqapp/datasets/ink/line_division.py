"""Line division of pen ink: an unlabelled ink on several lines becomes one ink per line, as recognisers expect."""

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np

from seqapp.datasets.ink.ink import PEN_UP, TIME_S, Ink

_FALL = 1.0  # in heights of strokes: the pen goes down by more than this to the next line
_RETURN = 0.5  # in widths of the line: and it goes back to the left half
_WRITING = 2.0  # length of the pen's path over the larger side: a word has more, a dot, a dash or an underline less


def divide_lines(inks: Iterable[Ink]) -> Iterator[Ink]:
    """Divide inks without a text into their lines; inks with a text, and those of one line, stay as they are.

    Yields:
        Inks; a line's id is that of its ink with "/line_1", "/line_2" ...
    """
    for ink in inks:
        lines = [] if ink.text else lines_of(ink.strokes())
        if len(lines) < 2:
            yield ink
            continue
        for number, strokes in enumerate(lines, 1):
            yield dataclasses.replace(ink, id=f"{ink.id}/line_{number}", points=_points(strokes))


def lines_of(strokes: list[np.ndarray]) -> list[list[np.ndarray]]:
    """Group strokes into lines, in order of writing.

    A line begins where the pen goes down by more than the height of strokes and back to the left half of the line
    before. What is no writing of its own, such as an underline, stays with its nearer neighbour in time.

    Args:
        strokes: Float32 `[n, 3]` of x, y (growing down), time.

    Returns:
        Lines of strokes.
    """
    if len(strokes) < 2:
        return [strokes]
    height = _height(strokes)
    groups = [[strokes[0]]]
    for stroke in strokes[1:]:
        if _begins_line(stroke, groups[-1], height):
            groups.append([stroke])
        else:
            groups[-1].append(stroke)
    return _without_marks(groups)


def _begins_line(stroke: np.ndarray, line: list[np.ndarray], height: float) -> bool:
    points = np.concatenate(line)
    left = points[:, 0].min()
    right = points[:, 0].max()
    falls = stroke[:, 1].mean() - points[:, 1].mean() > _FALL * height
    return bool(falls and stroke[:, 0].min() <= left + (1.0 - _RETURN) * (right - left))


def _without_marks(groups: list[list[np.ndarray]]) -> list[list[np.ndarray]]:
    """Give groups that are no writing to the neighbour whose pen is nearer."""
    lines: list[list[np.ndarray]] = []
    pending: list[np.ndarray] = []  # marks before the line that they belong to
    for place, group in enumerate(groups):
        if _is_writing(group):
            lines.append([*pending, *group])
            pending = []
        elif lines and (place + 1 == len(groups) or _is_nearer_before(group, groups[place - 1], groups[place + 1])):
            lines[-1] += group
        else:
            pending += group
    if pending and lines:
        lines[-1] += pending
    return lines or [[stroke for group in groups for stroke in group]]


def _is_writing(group: list[np.ndarray]) -> bool:
    extent = np.ptp(np.concatenate(group)[:, :2], axis=0).max()
    return sum(map(_length, group)) >= _WRITING * extent > 0


def _is_nearer_before(group: list[np.ndarray], before: list[np.ndarray], behind: list[np.ndarray]) -> bool:
    gap_before = np.linalg.norm(group[0][0, :2] - before[-1][-1, :2])
    gap_behind = np.linalg.norm(behind[0][0, :2] - group[-1][-1, :2])
    return bool(gap_before <= gap_behind)


def _height(strokes: list[np.ndarray]) -> float:
    """Return the height of strokes below which three quarters of the pen's path lie: dots and dashes hardly count."""
    heights = np.array([np.ptp(stroke[:, 1]) for stroke in strokes])
    order = np.argsort(heights)
    lengths = np.cumsum(np.array([_length(stroke) for stroke in strokes])[order])
    return float(heights[order][min(np.searchsorted(lengths, 0.75 * lengths[-1]), len(strokes) - 1)])


def _length(stroke: np.ndarray) -> float:
    steps = np.diff(stroke[:, :2].astype(np.float64), axis=0)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def _points(strokes: list[np.ndarray]) -> np.ndarray:
    points = np.zeros((sum(map(len, strokes)), 4), np.float32)
    points[:, :PEN_UP] = np.concatenate(strokes)
    points[np.cumsum([len(stroke) for stroke in strokes]) - 1, PEN_UP] = 1.0
    points[:, TIME_S] -= points[0, TIME_S]
    return points
