"""One ALTO file, versions 2 to 4, as a page: the dialects of eScriptorium, ABBYY, Tesseract and the libraries."""

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from seqapp.datasets.image.page import Page, TextLine, box, directed_lines, points
from seqapp.datasets.xml_file import read_xml

HYPHEN = "-"  # what a HYP without CONTENT stands for


def read_document(path: Path) -> Page:
    """Reads a file.

    Args:
        path: ALTO; coordinates in pixels, or in another unit if the page says its size in that unit too.

    Returns:
        Its first page; lines in the file's order. A line's polygon is that of its Shape, else its box. Several strings
        of a line are joined by blanks where the file says so (SP), or between all where it has no SP anywhere.

    Raises:
        ValueError: Broken XML, or no ALTO.
    """
    root = read_xml(path)
    page = root.find(".//Page")
    if root.tag != "alto" or page is None:
        raise ValueError(f"no ALTO: {path.name}: expected <alto> with a <Page>, found <{root.tag}>")
    name = root.findtext(".//sourceImageInformation/fileName") or ""
    elements = directed_lines(page, "BASEDIRECTION")
    lines = [_line(element, number, direction) for number, (element, direction) in enumerate(elements, 1)]
    return Page(name.strip(), _size(page, "WIDTH"), _size(page, "HEIGHT"), tuple(lines))


def _size(page: Element, name: str) -> int:
    return round(_number(page, name) or 0)


def _line(element: Element, number: int, direction: str) -> TextLine:
    polygon = points((shape := element.find("Shape/Polygon")) is not None and shape.get("POINTS") or "")
    if len(polygon) < 3:
        polygon = _box(element)
    id, baseline = element.get("ID") or f"line_{number}", _baseline(element, polygon)
    return TextLine(id, polygon, baseline, _text(element), direction)


def _box(element: Element) -> np.ndarray:
    values = [_number(element, name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
    return np.zeros((0, 2)) if None in values else box(*values)


def _baseline(element: Element, polygon: np.ndarray) -> np.ndarray:
    """A polyline since version 4.2; one number, the height above which the line stands, before."""
    found = points(text := element.get("BASELINE") or "")
    if len(found) == 0 and len(polygon) and (height := _as_number(text)) is not None:
        return np.array([[polygon[:, 0].min(), height], [polygon[:, 0].max(), height]])
    return found


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
