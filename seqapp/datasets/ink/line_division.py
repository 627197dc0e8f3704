"""Line division of pen ink: an unlabelled ink on several lines becomes one ink per line, as recognisers expect."""

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np

from seqapp.datasets.ink.ink import PEN_UP, TIME_S, Ink

_FALL = 1.0  # in heights of strokes: the pen goes down by more than this to the next line
_RISE = 2.0  # in heights of strokes: the pen goes up by more than this to the next column
_RETURN = 0.5  # in widths of the line: and it goes back to the left half
_GAP = 0.7  # in heights of strokes, beyond the gaps of letters: between lines that are set side by side
_MARK = 0.4  # in heights of strokes: dots and dashes are lower than letters of few strokes, as in lists
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
    return _grouped(strokes, _height(strokes) if strokes else 0.0, _begins_line, _is_writing)


def _grouped(strokes, height, begins, is_writing):
    """Group strokes in order of writing: `begins(stroke, group, height)` tells where another group begins."""
    if len(strokes) < 2:
        return [strokes]
    groups = [[strokes[0]]]
    for stroke in strokes[1:]:
        if begins(stroke, groups[-1], height):
            groups.append([stroke])
        else:
            groups[-1].append(stroke)
    return _without_marks(groups, is_writing)


def lines_of_list(ink: Ink) -> list[list[np.ndarray]]:
    """Group the strokes of a list into its lines, or into its words where these stand like stairs.

    Made for inks of which one knows that they are lists: the pen need not return to the left for a line to begin.

    Returns:
        Lines of strokes float32 `[n, 3]`, in order of writing.
    """
    strokes = ink.strokes()
    height = _height(strokes) if strokes else 0.0

    def has_letters(group):
        return _is_writing(group) or any(np.ptp(stroke[:, 1]) > _MARK * height for stroke in group)

    return _grouped(strokes, height, _begins_elsewhere, has_letters)


def side_by_side(ink: Ink, lines: list[list[np.ndarray]]) -> Ink:
    """Set lines one behind the other on one baseline, a word's gap between them.

    Args:
        ink: What they are lines of.
        lines: From `lines_of_list`.

    Returns:
        The ink with its strokes moved, in the order of the lines; one of a single line as it is.
    """
    if len(lines) < 2:
        return ink
    strokes = ink.strokes()
    gap = _GAP * _height(strokes) + _gap_of_letters(strokes)
    moved = list(lines[0])
    right = np.concatenate(moved)[:, 0].max()
    for line in lines[1:]:
        x = np.concatenate(line)[:, 0]
        shift = np.array([right + gap - x.min(), _middle(lines[0]) - _middle(line), 0.0], np.float32)
        moved += [stroke + shift for stroke in line]
        right += gap + np.ptp(x)
    return dataclasses.replace(ink, points=_points(moved))


def _gap_of_letters(strokes):
    """Return twice the median gap from a stroke to the next on its right: words of wide-set letters lie far apart."""
    gaps = [after[:, 0].min() - before[:, 0].max() for before, after in zip(strokes, strokes[1:])]
    return 2.0 * max(0.0, float(np.median([gap for gap in gaps if gap > 0] or [0.0])))


def _middle(strokes):
    """Return the y on either side of which half of the pen's path lies: tall letters and tails hardly move it."""
    y = np.concatenate([(stroke[1:, 1] + stroke[:-1, 1]) / 2 for stroke in strokes])
    weights = np.concatenate([np.hypot(*np.diff(stroke[:, :2].astype(np.float64), axis=0).T) for stroke in strokes])
    if not weights.sum() > 0:
        return float(np.concatenate(strokes)[:, 1].mean())
    order = np.argsort(y)
    return float(y[order][np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)])


def _begins_line(stroke: np.ndarray, line: list[np.ndarray], height: float) -> bool:
    points = np.concatenate(line)
    left = points[:, 0].min()
    right = points[:, 0].max()
    falls = stroke[:, 1].mean() - points[:, 1].mean() > _FALL * height
    return bool(falls and stroke[:, 0].min() <= left + (1.0 - _RETURN) * (right - left))


def _begins_elsewhere(stroke: np.ndarray, line: list[np.ndarray], height: float) -> bool:
    """Whether the pen goes on below, wherever; or far above and to the right, as in the next column of a list."""
    points = np.concatenate(line)
    falls = (stroke[:, 1].mean() - _middle(line)) / height if height > 0 else 0.0
    return bool(falls > _FALL or (falls < -_RISE and stroke[:, 0].min() > points[:, 0].max()))


def _without_marks(groups: list[list[np.ndarray]], is_writing) -> list[list[np.ndarray]]:
    """Give groups that are no writing to the neighbour whose pen is nearer."""
    lines: list[list[np.ndarray]] = []
    pending: list[np.ndarray] = []  # marks before the line that they belong to
    for place, group in enumerate(groups):
        if is_writing(group):
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
