"""Pen ink from any file, folder or archive of a user's: the format is told by content."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from seqapp.datasets.archive import archives_in, is_archive, opened
from seqapp.datasets.ink.iam_ondb.layout import holds_corpus
from seqapp.datasets.ink.iam_ondb.reader import read as read_iam_ondb
from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.inkml.reader import read as read_inkml
from seqapp.datasets.ink.json_ink.reader import SUFFIXES as JSON_SUFFIXES
from seqapp.datasets.ink.json_ink.reader import read as read_json_ink
from seqapp.datasets.ink.unipen.reader import find_root
from seqapp.datasets.ink.unipen.reader import read as read_unipen
from seqapp.datasets.repeats import without_repeats
from seqapp.datasets.skipped import Skipped

Reader = Callable[[Path, Skipped], Iterator[Ink]]

FORMATS = (
    "UNIPEN (.dat, or a folder with data/ and include/), IAM-OnDB (lineStrokes .xml, or a folder with "
    "lineStrokes and ascii), InkML (.inkml), JSON (.json, .jsonl); each also in a .tar, .tar.gz, "
    ".tar.xz or .zip archive"
)
_SUFFIXES = (".inkml", ".dat", ".xml", *JSON_SUFFIXES)
_HEAD = 16_384  # characters looked at: comments can precede what tells a format
_UNIPEN = re.compile(r"^\.(VERSION|INCLUDE|PEN_DOWN|PEN_UP|COORD|SEGMENT|WRITER_ID|COMMENT)\b", re.MULTILINE)


def read_ink(path: str | Path, skipped: Skipped) -> Iterator[Ink]:
    """Read ink of any supported format, which is told by content.

    Args:
        path: File, folder or archive.
        skipped: Receives what cannot be used; of a folder also broken files; and repeated ids.

    Yields:
        Inks; those without a label have an empty text. Of IAM-OnDB the labelled lines where ink and transcriptions
        are both there, else the ink alone.

    Raises:
        ValueError: Nothing there, no supported format, or a single file is broken.
    """
    return without_repeats(_read(Path(path), skipped), skipped)


def _read(path: Path, skipped: Skipped) -> Iterator[Ink]:
    if path.is_dir():
        yield from _read_folder(path, skipped)
    elif is_archive(path):
        with opened(path) as folder:
            yield from _read_folder(folder, skipped)
    elif path.is_file():
        yield from _reader_of(path)(path, skipped)
    else:
        raise ValueError(f"{path}: expected a file, folder or archive of ink, found nothing. Check the path.")


def _read_folder(folder: Path, skipped: Skipped) -> Iterator[Ink]:
    if find_root(folder) is not None:
        yield from read_unipen(folder, skipped)
    elif holds_corpus(folder):
        yield from read_iam_ondb(folder, skipped)
    else:
        yield from _read_files(folder, skipped)


def _read_files(folder: Path, skipped: Skipped) -> Iterator[Ink]:
    """Read loose files of mixed formats; their folders stand in the ids: equal names stay apart."""
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    files = sorted(path for path in paths if path.is_file())
    if not files:
        packed = ", ".join(path.name for path in archives_in(folder))
        remedy = f" Give one of the archives in there by its name: {packed}." if packed else ""
        raise ValueError(f"{folder}: no ink in there.{remedy} Supported: {FORMATS}.")
    for file in files:
        prefix = file.relative_to(folder).parent.as_posix()
        try:
            for ink in _reader_of(file)(file, skipped):
                id = ink.id if prefix == "." else f"{prefix}/{ink.id}"
                yield Ink(id, ink.points, ink.text, ink.writer_id)
        except ValueError as error:
            skipped.add(file.relative_to(folder).as_posix(), str(error))


def _reader_of(path: Path) -> Reader:
    with open(path, encoding="latin-1") as file:
        head = file.read(_HEAD)
    if "<ink" in head:
        return read_inkml
    if "WhiteboardCaptureSession" in head:
        return read_iam_ondb
    if head.lstrip("\xef\xbb\xbf \t\r\n")[:1] in ("{", "["):
        return read_json_ink
    if _UNIPEN.search(head):
        return read_unipen
    raise ValueError(f"{path}: unknown format. Supported: {FORMATS}.")
