"""PAGE files of any version from 2010 to 2019 as pages."""

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from seqapp.datasets.image.page import Page, TextLine, directed_lines, points, with_own_ids
from seqapp.datasets.xml_file import read_xml


def read_document(path: Path) -> Page:
    """Read a PAGE file.

    Args:
        path: PAGE XML.

    Returns:
        Its page; lines in the file's order, those of table cells included. The text of a line is its own
        first TextEquiv, else that of its words, never that of its region. An index above 0 marks what a program read:
        such a text is left out.

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
    return Page((page.get("imageFilename") or "").strip(), width, height, with_own_ids(lines))


def line_elements(root: Element) -> list[Element]:
    """Return the <TextLine> of each line that `parse_document` reads, in its order."""
    page = root.find("Page")
    return [] if page is None else [element for element, _ in directed_lines(page, "readingDirection")]


def _size(page: Element, name: str) -> int:
    text = page.get(name) or ""
    return int(text) if text.isdecimal() else 0


def _line(element: Element, number: int, direction: str) -> TextLine:
    polygon, baseline = (_points(element.find(name)) for name in ("Coords", "Baseline"))
    text, missing = _text(element)
    return TextLine(element.get("id") or f"line_{number}", polygon, baseline, text, direction, missing)


def _points(element: Element | None) -> np.ndarray:
    """Return the points of an element: an attribute since 2013, before it one element per point."""
    if element is None:
        return np.zeros((0, 2))
    if (text := element.get("points")) is not None:
        return points(text)
    return points(" ".join(f"{point.get('x')},{point.get('y')}" for point in element.iter("Point")))


def _text(element: Element) -> tuple[str, str]:
    """Return the text of a line, and the reason why it is empty."""
    equivalents = sorted(element.findall("TextEquiv"), key=_index)
    if not equivalents:
        words = [_text(word) for word in element.findall("Word")]
        text = " ".join(word for word, _ in words if word)
        return text, "no text" if text or not words else words[0][1]
    if _index(equivalents[0]) > 0:
        return "", f"prediction: only a TextEquiv of index {_index(equivalents[0])}"
    text = equivalents[0].findtext("Unicode") or equivalents[0].findtext("PlainText") or ""
    return " ".join(text.split()), "no text"


def _index(element: Element) -> int:
    text = element.get("index") or "0"
    return int(text) if text.isdecimal() else 0
