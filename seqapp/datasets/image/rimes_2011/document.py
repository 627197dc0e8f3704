"""RIMES page lists: every page with the boxes and the texts of its lines."""

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from seqapp.datasets.image.page import Page, TextLine, box
from seqapp.datasets.xml_file import read_xml

SIDES = ("Left", "Top", "Right", "Bottom")


def read_documents(path: Path) -> list[Page]:
    """Read training_2011.xml or eval_2011_annotated.xml.

    Args:
        path: The list.

    Returns:
        Its pages, in the file's order. A line is a box, which may reach beyond its page, and its text is one line
        even where the file breaks it. Boxes that are no numbers become lines without a polygon.

    Raises:
        ValueError: Broken XML, or no list of pages.
    """
    root = read_xml(path)
    pages = [_page(element) for element in root.iter("SinglePage")]
    if not pages:
        raise ValueError(f"no RIMES: {path.name}: expected <DocumentList> with <SinglePage>s, found <{root.tag}>")
    return pages


def _page(element: Element) -> Page:
    lines = [_line(line, number) for number, line in enumerate(element.iter("Line"), 1)]
    return Page((element.get("FileName") or "").strip(), 0, 0, tuple(lines))


def _line(element: Element, number: int) -> TextLine:
    try:
        left, top, right, bottom = (float(element.get(side, "")) for side in SIDES)
        polygon = box(left, top, right - left, bottom - top)
    except ValueError:
        polygon = np.zeros((0, 2))
    text = element.get("Value", "").replace("\\n", " ")  # written out in some copies; a true one is a blank already
    return TextLine(f"line_{number}", polygon, np.zeros((0, 2)), " ".join(text.split()))
