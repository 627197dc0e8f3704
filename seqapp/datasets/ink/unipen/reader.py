"""UNIPEN inks with labels, from a distribution or from any UNIPEN file on its own."""

import dataclasses
import hashlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from seqapp.datasets.file_tree import files_below, is_hidden
from seqapp.datasets.ink.ink import Ink, check
from seqapp.datasets.ink.unipen.cutting import segment_inks, whole_ink
from seqapp.datasets.ink.unipen.document import Document, read_document
from seqapp.datasets.ink.unipen.splits import split, writer_key
from seqapp.datasets.skipped import Skipped

logger = logging.getLogger(__name__)

HIERARCHIES = {"8": "TEXT", "7": "WORD", "6": "WORD"}  # what each category labels
# Laboratories whose text is English in connected or mixed style, checked segment by segment: the headline
# task.
ENGLISH_LINES = ("apb", "apc", "apd", "ape", "app", "bbb", "bbd", "cea", "cec", "lex", "scr")
_COARSEST_FIRST = ("TEXT", "PARAGRAPH", "SENTENCE", "LINE", "WORD", "CHARACTER", "DIGIT")


@dataclasses.dataclass(frozen=True)
class Example:
    """One usable segment, and where it belongs."""

    ink: Ink
    category: str
    provider: str
    split: str


def find_root(folder: Path) -> Path | None:
    """Return the folder that holds data/ and include/: `folder` or one up to two levels below; else None."""
    for pattern in ("include", "*/include", "*/*/include"):
        for include in sorted(folder.glob(pattern)):
            if (include.parent / "data").is_dir():
                return include.parent
    return None


def examples(
    root: Path, categories: Sequence[str], skipped: Skipped, providers: Sequence[str] | None = None
) -> Iterator[Example]:
    """Read categories of an unpacked distribution, files in sorted order.

    Ids are category/provider/hash/delineation: file names hold names of writers and are hashed like the
    writers.

    Args:
        root: Folder that holds data/ and include/.
        categories: Of "8" (text), "7" and "6" (words). A segment that several hold (6 repeats much of 7)
            comes once, from the first.
        skipped: Receives what cannot be used, and segments of quality BAD.
        providers: Three-letter folders to read; None: all.

    Yields:
        Every usable segment.
    """
    seen = set()
    for category in categories:
        folder = root / "data" / category
        for path in files_below(folder, (".dat",)) if folder.is_dir() else ():
            file_id, provider = _identify(path, root)
            if providers is not None and provider not in providers:
                continue
            for ink in _file_inks(path, root / "include", file_id, provider, HIERARCHIES[category], skipped):
                key = (ink.id.removeprefix(category), ink.text)
                if key not in seen:
                    seen.add(key)
                    yield Example(ink, category, provider, split(provider, ink.writer_id))


def providers_in(root: Path, category: str) -> list[str]:
    """List the providers of a category of a distribution, sorted."""
    folder = root / "data" / category
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path.name for path in paths if path.is_dir() and not is_hidden(path, folder))


def read(path: str | Path, skipped: Skipped) -> Iterator[Ink]:
    """Read a whole distribution, or one UNIPEN file.

    Args:
        path: Folder with data/ and include/; or a file with segments, whose includes are found in the next
            include/ upwards; or a file that holds nothing but ink, which makes one ink without a label.
        skipped: Receives what cannot be used.

    Yields:
        Inks. Of a single file those of its coarsest hierarchy (text before words).

    Raises:
        ValueError: No UNIPEN there, a single file is broken, or its includes are not found.
    """
    path = Path(path)
    if path.is_file():
        yield from _read_file(path, skipped)
        return
    root = find_root(path)
    if root is None:
        raise ValueError(f"{path}: expected a folder that holds data/ and include/. Give the unpacked root.")
    for example in examples(root, tuple(HIERARCHIES), skipped):
        yield example.ink


def _file_inks(
    path: Path, include_root: Path, file_id: str, provider: str, hierarchy: str, skipped: Skipped
) -> Iterator[Ink]:
    try:
        document = read_document(path, include_root)
    except ValueError as error:
        logger.debug("%s: %s", file_id, error)  # messages can hold names: they stay out of `skipped`
        skipped.add(file_id, "unreadable file")
        return
    yield from _labelled(document, file_id, provider, hierarchy, skipped)


def _read_file(path: Path, skipped: Skipped) -> Iterator[Ink]:
    path = path.resolve()
    root = next((parent for parent in path.parents if (parent / "include").is_dir()), None)
    document = read_document(path, root / "include" if root else path.parent)
    file_id, provider = _identify(path, root)
    hierarchies = {segment.hierarchy for segment in document.segments}
    hierarchy = next((name for name in _COARSEST_FIRST if name in hierarchies), None)
    if hierarchy is not None:
        yield from _labelled(document, file_id, provider, hierarchy, skipped)
        return
    ink = whole_ink(document, file_id)
    reason = check(ink)
    if reason:
        raise ValueError(f"{path}: expected ink, found {reason}")
    yield dataclasses.replace(ink, writer_id=writer_key(provider, document.components[0].writer))


def _labelled(document: Document, file_id: str, provider: str, hierarchy: str, skipped: Skipped) -> Iterator[Ink]:
    for ink, writer in segment_inks(document, file_id, hierarchy, skipped):
        reason = _unusable(ink)
        if reason:
            skipped.add(ink.id, reason)
        else:
            yield dataclasses.replace(ink, writer_id=writer_key(provider, writer))


def _identify(path: Path, root: Path | None) -> tuple[str, str]:
    """Return id and provider of a file: "8/cea/<hash>" and "cea"; outside a distribution its name and "unipen"."""
    parts = path.relative_to(root).parts if root else ()
    if len(parts) > 3 and parts[0] == "data":
        parts = parts[1:]
    elif len(parts) < 3 or parts[0] != "include":
        return path.stem, "unipen"
    place, provider, *name = parts
    hashed = hashlib.sha1("/".join([provider, *name]).encode()).hexdigest()[:10]
    return f"{place}/{provider}/{hashed}", provider


def _unusable(ink: Ink) -> str | None:
    if not ink.text:
        return "no label"
    if len(ink.points) and not ink.points[:, :2].any():
        return "ink masked: every point is 0 0"  # as the distribution does with ink it withholds
    return check(ink)
