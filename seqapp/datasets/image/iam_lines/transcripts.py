"""Transcripts of IAM: as tokens (lines.txt), or spaced as on the form (xml/)."""

import html
from pathlib import Path

from seqapp.datasets.file_tree import is_hidden
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.xml_file import read_xml

NUM_FIELDS = 8  # before the text: id, ok or err, grey level, components, x, y, width, height


def read_tokens(root: Path) -> dict[str, str]:
    """Read ascii/lines.txt.

    Args:
        root: Folder that holds lines/ and ascii/.

    Returns:
        {line id: tokens with a blank between two}, in the file's order.

    Raises:
        ValueError: No such file, or a line of another form.
    """
    path = root / "ascii" / "lines.txt"
    if not path.is_file():
        raise ValueError(f"{path}: expected the list of IAM's lines, found nothing. Unpack ascii.tgz beside lines/.")
    tokens = {}
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split(" ", NUM_FIELDS)
        if len(fields) <= NUM_FIELDS:
            raise ValueError(f"{path}: line {number}: expected {NUM_FIELDS} fields and a text, received {line!r}")
        tokens[fields[0]] = " ".join(fields[NUM_FIELDS].replace("|", " ").split())
    return tokens


def read_writers(root: Path) -> dict[str, str]:
    """Read ascii/forms.txt: {form id: writer as written}; empty where there is no such file."""
    path = root / "ascii" / "forms.txt"
    lines = path.read_text("utf-8", errors="replace").splitlines() if path.is_file() else []
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {fields[0]: fields[1] for fields in rows if len(fields) > 1}


def read_texts(root: Path, skipped: Skipped) -> dict[str, str]:
    """Read xml/: {line id: text}. Some apostrophes and quotes are escaped twice there.

    Args:
        root: Folder that holds lines/ and xml/.
        skipped: Receives forms that are no XML.

    Raises:
        ValueError: No such folder.
    """
    paths = [path for path in sorted((root / "xml").glob("*.xml")) if not is_hidden(path, root)]
    if not paths:
        raise ValueError(f"{root}: expected xml/ with a file for each form, found none. Unpack xml.tgz beside lines/.")
    texts = {}
    for path in paths:
        try:
            lines = read_xml(path).iter("line")
        except ValueError as error:
            skipped.add(path.stem, str(error))
            continue
        texts |= {line.get("id", ""): " ".join(html.unescape(line.get("text", "")).split()) for line in lines}
    return texts
