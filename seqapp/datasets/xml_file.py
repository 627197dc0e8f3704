"""XML as ink formats use it: any namespace, any declared encoding, errors that name the file."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path


def read_xml(path: Path) -> ElementTree.Element:
    """Reads a file.

    Args:
        path: The file.

    Returns:
        The root. Tags and attributes of every element are without their namespace ("xml:id" becomes "id").

    Raises:
        ValueError: Not well-formed.
    """
    try:
        root = ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, LookupError, UnicodeError) as error:
        raise ValueError(f"broken XML: {path.name}: {error}. Is the file truncated?") from error
    for element in root.iter():
        if isinstance(element.tag, str):  # comments and processing instructions have a function for a tag
            element.tag = _local(element.tag)
        element.attrib = {_local(name): value for name, value in element.attrib.items()}
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]
