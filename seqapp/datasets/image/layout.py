"""Layout files, ALTO or PAGE, told apart by their root element and parsed once."""

import copy
import dataclasses
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

from seqapp.datasets.image.alto_lines.document import parse_document as parse_alto
from seqapp.datasets.image.page import Page
from seqapp.datasets.image.page_lines.document import parse_document as parse_page
from seqapp.datasets.xml_file import parse_xml, read_xml, without_namespaces

PARSERS: dict[str, Callable[[ElementTree.Element, str], Page]] = {"alto": parse_alto, "PcGts": parse_page}


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
    elements: tuple[ElementTree.Element, ...]


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
    page = _parsed(without_namespaces(copy.deepcopy(tree.getroot())), path)
    elements = [element for element in tree.iter() if _is_line(element)]
    return LayoutTree(page, tree, tuple(elements[: len(page.lines)]))


def _parsed(root: ElementTree.Element, path: Path) -> Page:
    if root.tag not in PARSERS:
        raise ValueError(f"unknown layout: {path.name}: expected <alto> or <PcGts>, found <{root.tag}>")
    return PARSERS[root.tag](root, path.name)


def _is_line(element: ElementTree.Element) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] == "TextLine"
