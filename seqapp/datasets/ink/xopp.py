"""Xournal++ notes (.xopp): the pen strokes of each page, unzipped."""

import gzip
import xml.etree.ElementTree as ElementTree
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seqapp.datasets.file_tree import readable
from seqapp.datasets.ink.ink import Ink, check
from seqapp.datasets.skipped import Skipped

SUFFIXES = (".xopp", ".xoj")
MAGIC = b"\x1f\x8b"  # of gzip
MAX_BYTES = 200_000_000  # unzipped


def read(path: Path, skipped: Skipped) -> Iterator[Ink]:
    """Read the pages of a file.

    Args:
        path: Zipped XML of <xournal>; or that XML.
        skipped: Receives pages that cannot be used; pages without a stroke of the pen are passed over.

    Yields:
        One ink per page, without text and without times; its id is the file's name, and the page's number if there are
        several.

    Raises:
        ValueError: No such file, broken or too large.
    """
    pages = list(_root(path).iter("page"))
    for number, page in enumerate(pages, 1):
        id = readable(path.stem) if len(pages) == 1 else f"{readable(path.stem)}/{number}"
        strokes = [stroke for stroke in page.iter("stroke") if stroke.get("tool", "pen") == "pen"]
        if not strokes:
            continue
        try:
            ink = Ink.from_strokes(id, [_points(stroke) for stroke in strokes])
            reason = check(ink)
        except ValueError as error:
            reason = f"malformed stroke: {error}"
        if reason:
            skipped.add(id, reason)
        else:
            yield ink


def _root(path: Path) -> ElementTree.Element:
    with open(path, "rb") as file:
        is_zipped = file.read(2) == MAGIC
    try:
        with gzip.open(path) if is_zipped else open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ValueError(f"too large: {path.name}: more than {MAX_BYTES:,} bytes unzipped")
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, EOFError, zlib.error, OSError) as error:
        raise ValueError(f"broken Xournal++ file: {path.name}: {error}") from error
    if root.tag != "xournal":
        raise ValueError(f"{path.name}: expected <xournal>, received <{root.tag}>")
    return root


def _points(stroke: ElementTree.Element) -> np.ndarray:
    numbers = np.array((stroke.text or "").split(), np.float64)
    return numbers[: len(numbers) // 2 * 2].reshape(-1, 2)
