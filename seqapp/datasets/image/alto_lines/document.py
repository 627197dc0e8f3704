"""ALTO files, versions 2 to 4, as pages: the dialects of eScriptorium, ABBYY, Tesseract and the libraries."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from seqapp.datasets.image.page import Page, TextLine, box, directed_lines, points, with_own_ids
from seqapp.datasets.xml_file import read_xml

PIXEL = "pixel"
HYPHEN = "-"  # what a HYP without CONTENT stands for


def read_document(path: Path) -> Page:
    """Read an ALTO file.

    Args:
        path: ALTO; coordinates in pixels, or in another unit if the page states its size in that unit too.

    Returns:
        Its pages as one, those of another image left out; lines in the file's order. A line's polygon
        is that of its Shape, else its box. Several strings of a line are joined by blanks where the file says so (SP),
        or between all where it has no SP anywhere.

    Raises:
        ValueError: Broken XML, no ALTO, or a unit other than pixels without the size of the page.
    """
    return parse_document(read_xml(path), path.name)


def parse_document(root: Element, file_name: str) -> Page:
    """Return the page of a parsed file.

    Args:
        root: Without namespaces, as `read_xml` gives it.
        file_name: Name of the file in errors.

    Raises:
        ValueError: No ALTO, or a unit other than pixels without the size of the page.
    """
    if root.tag != "alto" or not pages_of_first_image(root):
        raise ValueError(f"no ALTO: {file_name}: expected <alto> with a <Page>, found <{root.tag}>")
    pages = pages_of_first_image(root)
    name = root.findtext(".//sourceImageInformation/fileName") or ""
    lines = [_line(element, number, direction) for number, (element, direction) in enumerate(_directed(root), 1)]
    others = [page for page in root.iter("Page") if page not in pages]
    left_out = [(page.get("ID") or "page", "another image: one layout per image is read") for page in others]
    width, height = _size(root, pages[0], file_name)
    return Page(name.strip(), width, height, with_own_ids(lines), tuple(left_out))


def pages_of_first_image(root: Element) -> list[Element]:
    """Return the pages whose image number is that of the first: those that share its picture."""
    pages = list(root.iter("Page"))
    return [page for page in pages if page.get("PHYSICAL_IMG_NR") == pages[0].get("PHYSICAL_IMG_NR")]


def line_elements(root: Element) -> list[Element]:
    """Return the <TextLine> of each line that `parse_document` reads, in its order."""
    return [element for element, _ in _directed(root)]


def _directed(root: Element) -> Iterator[tuple[Element, str]]:
    for page in pages_of_first_image(root):
        yield from directed_lines(page, "BASEDIRECTION")


def _size(root: Element, page: Element, file_name: str) -> tuple[int, int]:
    """Return width and height of a page in the unit of the coordinates; 0 when unknown, which only pixels allow."""
    unit = (root.findtext(".//MeasurementUnit") or PIXEL).strip().lower()
    size = [round(_number(page, name) or 0) for name in ("WIDTH", "HEIGHT")]
    space = page.find("PrintSpace")
    if unit != PIXEL and not all(size) and space is not None and _is_whole(space):
        size = [round(_number(space, name) or 0) for name in ("WIDTH", "HEIGHT")]
    if unit != PIXEL and not all(size):
        raise ValueError(f"unit: {file_name}: coordinates in {unit}, but no WIDTH and HEIGHT of the page to scale by")
    return size[0], size[1]


def _is_whole(space: Element) -> bool:
    """Return whether a print space begins in the corner of its page, and so stands for its size."""
    return not any(_number(space, name) for name in ("HPOS", "VPOS"))


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
