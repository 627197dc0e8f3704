"""ALTO files, versions 2 to 4, as pages: the dialects of eScriptorium, ABBYY, Tesseract and the libraries."""

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from seqapp.datasets.image.page import Page, TextLine, box, directed_lines, points
from seqapp.datasets.xml_file import read_xml

HYPHEN = "-"  # what a HYP without CONTENT stands for


def read_document(path: Path) -> Page:
    """Read an ALTO file.

    Args:
        path: ALTO; coordinates in pixels, or in another unit if the page says its size in that unit too.

    Returns:
        Its first page; lines in the file's order. A line's polygon is that of its Shape, else its box. Several strings
        of a line are joined by blanks where the file says so (SP), or between all where it has no SP anywhere.

    Raises:
        ValueError: Broken XML, or no ALTO.
    """
    return parse_document(read_xml(path), path.name)


def parse_document(root: Element, file_name: str) -> Page:
    """Return the page of a parsed file.

    Args:
        root: Without namespaces, as `read_xml` gives it.
        file_name: Name of the file in errors.

    Raises:
        ValueError: No ALTO.
    """
    page = root.find(".//Page")
    if root.tag != "alto" or page is None:
        raise ValueError(f"no ALTO: {file_name}: expected <alto> with a <Page>, found <{root.tag}>")
    name = root.findtext(".//sourceImageInformation/fileName") or ""
    elements = directed_lines(page, "BASEDIRECTION")
    lines = [_line(element, number, direction) for number, (element, direction) in enumerate(elements, 1)]
    return Page(name.strip(), _size(page, "WIDTH"), _size(page, "HEIGHT"), tuple(lines))


def _size(page: Element, name: str) -> int:
    return round(_number(page, name) or 0)


def _line(element: Element, number: int, direction: str) -> TextLine:
    shape = element.find("Shape/Polygon")
    polygon = points(shape.get("POINTS") if shape is not None else "")
    if len(polygon) < 3:
        polygon = _box(element)
    id = element.get("ID") or f"line_{number}"
    return TextLine(id, polygon, _baseline(element, polygon), _text(element), direction)


def _box(element: Element) -> np.ndarray:
    values = [_number(element, name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
    return np.zeros((0, 2)) if None in values else box(*values)


def _baseline(element: Element, polygon: np.ndarray) -> np.ndarray:
    """Return the baseline: a polyline since version 4.2, before it one number, the height on which the line stands."""
    text = element.get("BASELINE") or ""
    polyline = points(text)
    if len(polyline) == 0 and len(polygon) and (height := _as_number(text)) is not None:
        return np.array([[polygon[:, 0].min(), height], [polygon[:, 0].max(), height]])
    return polyline


def _text(element: Element) -> str:
    parts = [child for child in element if child.tag in ("String", "SP", "HYP")]
    blank = "" if any(part.tag == "SP" for part in parts) else " "
    text = ""
    for part in parts:
        if part.tag == "String":
            text += (blank if text else "") + part.get("CONTENT", "")
        else:
            text += " " if part.tag == "SP" else part.get("CONTENT", HYPHEN)
    return " ".join(text.split())


def _number(element: Element, name: str) -> float | None:
    return _as_number(element.get(name) or "")


def _as_number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
