"""Pen ink with its label, as every reader yields it and every later stage receives it.

Corpora differ in units, axis direction, clocks and file formats; readers remove those differences here, once,
so that features, training and serving know a single array layout.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from seqapp.recipe import InkConfig

X, Y, TIME_S, PEN_UP = range(4)  # columns of `points`


@dataclasses.dataclass(frozen=True)
class Ink:
    """Pen ink and what is known about it.

    Args:
        id: Names the example in logs and errors; unique within its corpus.
        points: Float32 `[N, 4]`, columns x, y, time_s, pen_up. y grows down, in any unit. time_s starts at 0,
            in seconds; all zeros when unknown. pen_up is 1 on the last point of each stroke, else 0.
        text: What was written; empty when unknown.
        writer_id: Who wrote it, never a real name (readers hash it); empty when unknown.
    """

    id: str
    points: np.ndarray
    text: str = ""
    writer_id: str = ""

    @classmethod
    def from_strokes(cls, id: str, strokes: Sequence[np.ndarray], text: str = "", writer_id: str = "") -> "Ink":
        """Build an ink from its strokes, in the order of writing; strokes without a point are left out.

        Args:
            id: Name of the example.
            strokes: Arrays `[n, 2]` of x, y or `[n, 3]` of x, y, time_s; y grows down. Times of any origin; an
                ink with a stroke that has none counts as untimed.
            text: Label.
            writer_id: Hashed writer.

        Returns:
            The ink, its time starting at 0.

        Raises:
            ValueError: A stroke is not `[n, 2]` or `[n, 3]`.
        """
        strokes = [_checked_stroke(id, stroke) for stroke in strokes]
        strokes = [stroke for stroke in strokes if len(stroke)]
        timed = bool(strokes) and all(stroke.shape[1] == 3 for stroke in strokes)
        points = np.zeros((sum(map(len, strokes)), 4), np.float64)
        if strokes:
            points[:, :2] = np.concatenate([stroke[:, :2] for stroke in strokes])
            points[np.cumsum([len(stroke) for stroke in strokes]) - 1, PEN_UP] = 1.0
        if timed:  # subtracted in float64: times since 1970 have no milliseconds left in float32
            times = np.concatenate([stroke[:, 2] for stroke in strokes])
            points[:, TIME_S] = times - times[0]
        return cls(id, points.astype(np.float32), text, writer_id)

    def strokes(self) -> list[np.ndarray]:
        """Return the strokes in order: float32 `[n, 3]` arrays of x, y, time_s, n >= 1."""
        ends = np.flatnonzero(self.points[:, PEN_UP] > 0.5) + 1
        pieces = np.split(self.points[:, :3], ends)
        return [piece for piece in pieces if len(piece)]


def check(ink: Ink, max_points: int = InkConfig.max_points) -> str | None:
    """Return the reason why an ink cannot be used, or None.

    Args:
        ink: Any ink.
        max_points: Largest accepted number of points.

    Returns:
        The reason, or None where nothing is wrong. One point is fine: it is a dot.
    """
    points = np.asarray(ink.points)
    if points.ndim != 2 or points.shape[1] != 4:
        return f"points: expected shape [N, 4] (x, y, time_s, pen_up), received {list(points.shape)}"
    if not len(points):
        return "no points"
    if len(points) > max_points:
        return f"{len(points)} points, more than the {max_points} allowed"
    if not np.isfinite(points).all():
        return f"point {int(np.argmin(np.isfinite(points).all(axis=1)))} is not finite"
    if not np.isin(points[:, PEN_UP], (0.0, 1.0)).all():
        return "pen_up holds values other than 0 and 1"
    if points[-1, PEN_UP] != 1.0:
        return "the last point does not lift the pen"
    return None


def _checked_stroke(id: str, stroke: np.ndarray) -> np.ndarray:
    stroke = np.asarray(stroke, np.float64)
    if stroke.size == 0:
        return np.zeros((0, 3))
    if stroke.ndim != 2 or stroke.shape[1] not in (2, 3):
        raise ValueError(
            f"{id}: expected strokes of shape [n, 2] (x, y) or [n, 3] (x, y, time_s), "
            f"received {list(stroke.shape)}. Give each stroke as a list of points."
        )
    return stroke
