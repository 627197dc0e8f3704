"""XML files of any namespace and any declared encoding, with errors that name the file."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path


def read_xml(path: Path) -> ElementTree.Element:
    """Read an XML file.

    Args:
        path: The file.

    Returns:
        The root. Tags and attributes of every element are without their namespace ("xml:id" becomes "id").

    Raises:
        ValueError: Not well-formed.
    """
    return without_namespaces(parse_xml(path).getroot())


def parse_xml(path: Path) -> ElementTree.ElementTree:
    """Parse an XML file, namespaces and all.

    Raises:
        ValueError: Not well-formed.
    """
    try:
        return ElementTree.parse(path)
    except (ElementTree.ParseError, LookupError, UnicodeError) as error:
        raise ValueError(f"broken XML: {path.name}: {error}. Is the file truncated?") from error


def without_namespaces(root: ElementTree.Element) -> ElementTree.Element:
    """Remove the namespaces of tags and attributes of an element and of all below it, in place; return the element."""
    for element in root.iter():
        if isinstance(element.tag, str):  # comments and processing instructions have a function for a tag
            element.tag = _local(element.tag)
        element.attrib = {_local(name): value for name, value in element.attrib.items()}
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]
