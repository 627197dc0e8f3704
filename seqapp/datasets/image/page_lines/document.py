"""PAGE files of any version from 2010 to 2019 as pages."""

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from seqapp.datasets.image.page import Page, TextLine, directed_lines, points
from seqapp.datasets.xml_file import read_xml


def read_document(path: Path) -> Page:
    """Read a PAGE file.

    Args:
        path: PAGE XML.

    Returns:
        Its page; lines in the file's order, those of table cells included. The text of a line is its own first
        TextEquiv (the lowest index), never that of its region or its words.

    Raises:
        ValueError: Broken XML, or no PAGE.
    """
    return parse_document(read_xml(path), path.name)


def parse_document(root: Element, file_name: str) -> Page:
    """Return the page of a parsed file.

    Args:
        root: Without namespaces, as `read_xml` gives it.
        file_name: Name of the file in errors.

    Raises:
        ValueError: No PAGE.
    """
    page = root.find("Page")
    if root.tag != "PcGts" or page is None:
        raise ValueError(f"no PAGE: {file_name}: expected <PcGts> with a <Page>, found <{root.tag}>")
    elements = directed_lines(page, "readingDirection")
    lines = [_line(element, number, direction) for number, (element, direction) in enumerate(elements, 1)]
    width, height = (_size(page, name) for name in ("imageWidth", "imageHeight"))
    return Page((page.get("imageFilename") or "").strip(), width, height, tuple(lines))


def _size(page: Element, name: str) -> int:
    text = page.get(name) or ""
    return int(text) if text.isdecimal() else 0


def _line(element: Element, number: int, direction: str) -> TextLine:
    polygon, baseline = (_points(element.find(name)) for name in ("Coords", "Baseline"))
    return TextLine(element.get("id") or f"line_{number}", polygon, baseline, _text(element), direction)


def _points(element: Element | None) -> np.ndarray:
    """Return the points of an element: an attribute since 2013, before it one element per point."""
    if element is None:
        return np.zeros((0, 2))
    if (text := element.get("points")) is not None:
        return points(text)
    return points(" ".join(f"{point.get('x')},{point.get('y')}" for point in element.iter("Point")))


def _text(element: Element) -> str:
    equivalents = sorted(element.findall("TextEquiv"), key=_index)
    first = equivalents[0] if equivalents else element
    text = first.findtext("Unicode") or first.findtext("PlainText") or ""
    return " ".join(text.split())


def _index(element: Element) -> int:
    text = element.get("index") or "0"
    return int(text) if text.isdecimal() else 0
