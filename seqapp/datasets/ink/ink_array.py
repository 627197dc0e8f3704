"""Ink arrays from memory: strokes, or points in our layout, to points of one ink."""

from collections.abc import Sequence

import numpy as np

from seqapp.datasets.ink.ink import Ink, check


def points_of_array(ink: np.ndarray | Sequence, max_points: int) -> np.ndarray:
    """Convert an ink from memory.

    Args:
        ink: Points `[N, 4]` of x, y (growing down), time_s, pen_up; or a sequence of strokes `[n, 2]` of x, y or
            `[n, 3]` of x, y, time_s; or one such stroke.
        max_points: Largest accepted number of points.

    Returns:
        Float32 `[N, 4]`.

    Raises:
        ValueError: Another shape, no points, too many, or points that are not finite.
    """
    array = ink if isinstance(ink, np.ndarray) else None
    if array is not None and array.ndim == 2:
        points = _of_points(array) if array.shape[1] == 4 else Ink.from_strokes("ink", [array]).points
    else:
        points = Ink.from_strokes("ink", [_stroke(stroke) for stroke in ink]).points
    if reason := check(Ink("ink", points), max_points):
        raise ValueError(f"ink: {reason}.")
    return points


def _of_points(points):
    points = np.array(points, np.float64)
    points[:, 2] -= points[:1, 2].sum()  # in float64: times since 1970 have no milliseconds left in float32
    return points.astype(np.float32)


def _stroke(stroke):
    try:
        return np.asarray(stroke, np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"ink: expected strokes of points [x, y] or [x, y, time_s]. Received: {error}.") from error
