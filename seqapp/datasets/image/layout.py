"""Layout files, ALTO or PAGE, told apart by their root element and parsed once."""

import copy
import dataclasses
import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

from seqapp.datasets.image.alto_lines import document as alto
from seqapp.datasets.image.page import Page
from seqapp.datasets.image.page_lines import document as page_xml
from seqapp.datasets.xml_file import parse_xml, read_xml, without_namespaces

Element = ElementTree.Element
PARSERS: dict[str, Callable[[Element, str], Page]] = {"alto": alto.parse_document, "PcGts": page_xml.parse_document}
_PICTURE = re.compile(r"""imageFilename\s*=\s*["']([^"']*)|<(?:\w+:)?fileName>([^<]*)""")
_HEAD = 65_536  # characters before which a picture is named
_LINE_ELEMENTS = {"alto": alto.line_elements, "PcGts": page_xml.line_elements}


@dataclasses.dataclass(frozen=True)
class LayoutTree:
    """A layout as a page and as the XML that it was read from, of one parse.

    Args:
        page: The page.
        tree: The XML with its namespaces, to be changed and written.
        elements: The <TextLine> in `tree` of each line of the page, in the order of `page.lines`.
    """

    page: Page
    tree: ElementTree.ElementTree
    elements: tuple[Element, ...]


def is_layout(path: Path) -> bool:
    """Return whether a file is ALTO or PAGE by its root element; what follows may be broken."""
    with open(path, "rb") as file:
        try:
            _, root = next(ElementTree.iterparse(file, ("start",)))
        except (ElementTree.ParseError, LookupError, UnicodeError, StopIteration):
            return False
    return root.tag.rpartition("}")[2] in PARSERS


def named_picture(path: Path) -> str:
    """Return the picture that ALTO or PAGE names near its beginning, without a parse of the whole; empty for none."""
    with open(path, encoding="utf-8", errors="replace") as file:
        found = _PICTURE.search(file.read(_HEAD))
    return html.unescape(found[1] or found[2] or "").strip() if found else ""


def read_layout(path: Path) -> Page:
    """Read ALTO or PAGE.

    Raises:
        ValueError: Broken XML, or neither.
    """
    return _parsed(read_xml(path), path)


def read_layout_tree(path: Path) -> LayoutTree:
    """Read ALTO or PAGE together with its XML, for a caller that writes it again.

    Raises:
        ValueError: Broken XML, or neither.
    """
    tree = parse_xml(path)
    plain = copy.deepcopy(tree.getroot())
    originals = dict(zip(map(id, plain.iter()), tree.iter()))
    page = _parsed(without_namespaces(plain), path)
    return LayoutTree(page, tree, tuple(originals[id(element)] for element in _LINE_ELEMENTS[plain.tag](plain)))


def _parsed(root: Element, path: Path) -> Page:
    if root.tag not in PARSERS:
        raise ValueError(f"unknown layout: {path.name}: expected <alto> or <PcGts>, found <{root.tag}>")
    return PARSERS[root.tag](root, path.name)
