"""JSON objects as inks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.ink.ink import Ink


def to_ink(record: Mapping[str, Any], default_id: str) -> Ink:
    """Read an object.

    Args:
        record: Either {"strokes": [[[x, y], ...], ...]} or [[x, y, t], ...] points, t in SECONDS; or
            {"ink": [[xs, ys], ...]} or [[xs, ys, ts], ...], t in MILLISECONDS, as drawing data sets and phone
            recognisers have it. Both with optional "text", "writer_id" and "id". y grows down.
        default_id: Id of an ink that has none.

    Returns:
        The ink, its writer hashed; untimed if any point has no t.

    Raises:
        ValueError: Neither key, both, or not of this shape.
    """
    if not isinstance(record, Mapping):
        raise ValueError(f"{default_id}: expected an object with strokes, received {type(record).__name__}")
    id = str(record.get("id", default_id))
    if ("strokes" in record) == ("ink" in record):
        raise ValueError(f'{id}: expected one of the keys "strokes" and "ink", received {sorted(record)}')
    strokes, convert = record.get("strokes"), _from_points
    if "ink" in record:
        strokes, convert = record["ink"], _from_columns
    if not isinstance(strokes, list):
        raise ValueError(f"{id}: expected a list of strokes, received {type(strokes).__name__}")
    try:
        arrays = [convert(stroke) for stroke in strokes]
    except (TypeError, ValueError) as error:
        raise ValueError(f"{id}: malformed stroke: {error}") from None
    writer_id = hashed_name("json_ink", str(record.get("writer_id") or ""))
    return Ink.from_strokes(id, arrays, str(record.get("text") or ""), writer_id)


def _from_points(stroke: Sequence) -> np.ndarray:
    widths = {len(point) for point in stroke}
    if not widths <= {2, 3}:
        raise ValueError("expected points [x, y] or [x, y, t]")
    columns = min(widths, default=2)
    return np.array([point[:columns] for point in stroke], np.float64).reshape(-1, columns)


def _from_columns(stroke: Sequence) -> np.ndarray:
    if len(stroke) not in (2, 3) or len({len(column) for column in stroke}) > 1:
        raise ValueError("expected [xs, ys] or [xs, ys, ts], equally long")
    points = np.array(stroke, np.float64).T
    return points * (1.0, 1.0, 1e-3) if points.shape[1] == 3 else points
