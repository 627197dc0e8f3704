"""JSON objects as inks: lists of points, columns, Quick Draw, iink and signature pads."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.json_ink.clock import seconds_of
from seqapp.datasets.json_fields import text_field

logger = logging.getLogger(__name__)

COLUMN_KEYS = ("ink", "drawing")  # columns, and times in milliseconds; "drawing" is Quick Draw's
POINT_KEYS = ("strokes", "points")
GROUP_KEYS = ("strokeGroups", "items")  # iink's: strokes in groups
_TIMES = ("t", "time", "timestamp", "T")
_MS, _S = 1e-3, 1.0


def to_ink(record: Mapping[str, Any], default_id: str) -> Ink:
    """Read an object.

    Args:
        record: Either {"strokes": [[[x, y], ...], ...]} or [[x, y, t], ...] points, t in SECONDS; or
            {"ink": [[xs, ys], ...]} or [[xs, ys, ts], ...], t in MILLISECONDS, as drawing data sets and phone
            recognisers have it. Points may be objects {"x", "y", "t"}, strokes objects {"points"} or {"x", "y", "t"}
            of columns. Both with optional "text", "writer_id" and "id". y grows down. Also Quick Draw's "drawing" and
            "word", iink's "strokeGroups" and "label".
        default_id: Id of an ink that has none.

    Returns:
        The ink, its writer hashed; untimed if any point has no t, or if the third numbers are no times, such as
        pressure. Times in a unit other than the stated one are recognised by the distance of points, and logged.

    Raises:
        ValueError: Neither key, both, or not of this shape.
    """
    if not isinstance(record, Mapping):
        raise ValueError(f"{default_id}: expected an object with strokes, received {type(record).__name__}")
    id = text_field(record, "id", "key_id", default=default_id)
    text = text_field(record, "text", "word", "label")
    strokes, is_columns = _strokes(record, id)
    try:
        arrays = [_array(stroke, is_columns) for stroke in strokes]
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(f"{id}: malformed stroke: {error}") from None
    arrays, remark = seconds_of(arrays, _MS if is_columns else _S)
    if remark:
        logger.warning("%s: %s", id, remark)
    writer_id = hashed_name("json_ink", text_field(record, "writer_id"))
    return Ink.from_strokes(id, arrays, text, writer_id)


def is_one_ink(content: list[Any]) -> bool:
    """Return whether a list is one ink, as signature pads write it: every entry is a stroke with its points."""
    return bool(content) and all(
        isinstance(entry, Mapping) and isinstance(entry.get("points"), list) for entry in content
    )


def _strokes(record: Mapping[str, Any], id: str) -> tuple[list[Any], bool]:
    """Return the strokes of an object, and whether they are columns."""
    keys = [key for key in (*POINT_KEYS, *COLUMN_KEYS, *GROUP_KEYS) if key in record]
    if len(keys) != 1:
        raise ValueError(f'{id}: expected one of the keys "strokes" and "ink", received {sorted(record)}')
    strokes = record[keys[0]]
    if not isinstance(strokes, list):
        raise ValueError(f"{id}: expected a list of strokes, received {type(strokes).__name__}")
    if keys[0] in GROUP_KEYS:
        groups = [group.get("strokes", [group]) if isinstance(group, Mapping) else group for group in strokes]
        strokes = [stroke for group in groups for stroke in group]
    if keys[0] == "points":  # of one stroke
        strokes = [strokes]
    is_iink = any(isinstance(stroke, Mapping) and isinstance(_field(stroke, "x", "X"), list) for stroke in strokes)
    return strokes, keys[0] in COLUMN_KEYS or is_iink


def _array(stroke: Any, is_columns: bool) -> np.ndarray:
    if isinstance(stroke, Mapping):
        if isinstance(_field(stroke, "points"), list):
            stroke = stroke["points"]
        else:
            columns = [_field(stroke, "x", "X"), _field(stroke, "y", "Y"), _field(stroke, *_TIMES)]
            stroke = [column for column in columns if column is not None]
    return _from_columns(stroke) if is_columns else _from_points(stroke)


def _from_points(stroke: Sequence) -> np.ndarray:
    points = [_point(point) for point in stroke]
    widths = {len(point) for point in points}
    if not widths <= {2, 3}:
        raise ValueError("expected points [x, y] or [x, y, t]")
    columns = min(widths, default=2)
    return np.array([point[:columns] for point in points], np.float64).reshape(-1, columns)


def _point(point: Any) -> Sequence:
    if not isinstance(point, Mapping):
        return point
    values = [_field(point, "x", "X"), _field(point, "y", "Y"), _field(point, *_TIMES)]
    if None in values[:2]:
        raise ValueError(f"expected a point with x and y, received {dict(point)!r}")
    return [value for value in values if value is not None]


def _field(entry: Mapping[str, Any], *keys: str) -> Any:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def _from_columns(stroke: Sequence) -> np.ndarray:
    if len(stroke) not in (2, 3) or len({len(column) for column in stroke}) > 1:
        raise ValueError("expected [xs, ys] or [xs, ys, ts], equally long")
    return np.array(stroke, np.float64).T
