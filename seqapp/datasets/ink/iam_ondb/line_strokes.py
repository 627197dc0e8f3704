"""IAM-OnDB strokes of one line: lineStrokes/**/a01-000u-01.xml."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np

from seqapp.datasets.xml_file import read_xml


def read_line_strokes(path: Path) -> list[np.ndarray]:
    """Read the strokes of a line.

    Args:
        path: A WhiteboardCaptureSession.

    Returns:
        Float64 `[n, 3]` arrays of x, y (growing down, sensor units) and time in seconds of any origin.

    Raises:
        ValueError: Broken XML, no StrokeSet, or a point without numbers.
    """
    strokes = read_xml(path).find("StrokeSet")
    if strokes is None:
        raise ValueError(f"no StrokeSet: {path.name} is no line of IAM-OnDB")
    return [_stroke(stroke, path) for stroke in strokes.iter("Stroke")]


def _stroke(stroke: ElementTree.Element, path: Path) -> np.ndarray:
    try:
        attributes = [point.attrib for point in stroke.iter("Point")]
        points = [[float(point[name]) for name in ("x", "y", "time")] for point in attributes]
    except (KeyError, ValueError) as error:
        raise ValueError(f"malformed point: {path.name}: expected numbers x, y, time ({error})") from error
    return np.array(points, np.float64).reshape(-1, 3)
