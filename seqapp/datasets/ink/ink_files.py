"""Pen ink from any file, folder or archive of a user's: the format is told by content."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from seqapp.datasets.archive import archives_in, is_archive, opened
from seqapp.datasets.file_tree import files_below, log_unread, readable
from seqapp.datasets.ink.iam_ondb.layout import holds_corpus
from seqapp.datasets.ink.iam_ondb.reader import read as read_iam_ondb
from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.inkml.reader import read as read_inkml
from seqapp.datasets.ink.json_ink.reader import SUFFIXES as JSON_SUFFIXES
from seqapp.datasets.ink.json_ink.reader import read as read_json_ink
from seqapp.datasets.ink.line_division import divide_lines
from seqapp.datasets.ink.unipen.reader import find_root
from seqapp.datasets.ink.unipen.reader import read as read_unipen
from seqapp.datasets.ink.xopp import MAGIC as GZIP_MAGIC
from seqapp.datasets.ink.xopp import SUFFIXES as XOPP_SUFFIXES
from seqapp.datasets.ink.xopp import read as read_xopp
from seqapp.datasets.repeats import without_repeats
from seqapp.datasets.skipped import Skipped

Reader = Callable[[Path, Skipped], Iterator[Ink]]

FORMATS = (
    "UNIPEN (.dat, or a folder with data/ and include/), IAM-OnDB (lineStrokes .xml, or a folder with "
    "lineStrokes and ascii), InkML (.inkml), JSON (.json, .jsonl), Xournal++ (.xopp); each also in a .tar, .tar.gz, "
    ".tar.xz or .zip archive"
)
_SUFFIXES = (".inkml", ".dat", ".xml", *JSON_SUFFIXES, *XOPP_SUFFIXES)
_HEAD = 16_384  # characters looked at: comments can precede what tells a format
_INKML = re.compile(r"<(?:[\w.-]+:)?ink[\s>]")
_UNIPEN = re.compile(r"^\.(VERSION|INCLUDE|PEN_DOWN|PEN_UP|COORD|SEGMENT|WRITER_ID|COMMENT)\b", re.MULTILINE)


def read_ink(path: str | Path, skipped: Skipped, divides: bool = True) -> Iterator[Ink]:
    """Read ink of any supported format, which is told by content.

    Args:
        path: File, folder or archive.
        skipped: Receives what cannot be used; of a folder also broken files; and repeated ids.
        divides: Whether inks without a label are divided into their lines, for models that read one.

    Yields:
        Inks; those without a label have an empty text.
        Of IAM-OnDB the labelled lines where ink and transcriptions
        are both there, else the ink alone.

    Raises:
        ValueError: Nothing there, no supported format, or a single file is broken.
    """
    inks = without_repeats(_read(Path(path), skipped), skipped)
    return divide_lines(inks) if divides else inks


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
    """Read loose files of mixed formats; their folders stand in the ids: equal names stay apart.

    An id that came before in another file has the name of its file before it: many number their inks from 0.
    """
    files = files_below(folder, _SUFFIXES)
    if not files:
        packed = ", ".join(path.name for path in archives_in(folder))
        remedy = f" Give one of the archives in there by its name: {packed}." if packed else ""
        raise ValueError(f"{folder}: no ink in there.{remedy} Supported: {FORMATS}.")
    log_unread(folder, files)
    file_of: dict[str, Path] = {}
    for file in files:
        place = readable(file.relative_to(folder).parent.as_posix())
        prefix = "" if place == "." else f"{place}/"
        try:
            for ink in _reader_of(file)(file, skipped):
                id = f"{prefix}{ink.id}"
                if file_of.setdefault(id, file) != file:
                    id = f"{prefix}{readable(file.stem)}/{ink.id}"
                yield Ink(id, ink.points, ink.text, ink.writer_id)
        except ValueError as error:
            skipped.add(readable(file.relative_to(folder).as_posix()), str(error))


def _reader_of(path: Path) -> Reader:
    with open(path, encoding="latin-1") as file:
        head = file.read(_HEAD).replace("\0", "")  # of UTF-16
    if head.startswith(GZIP_MAGIC.decode("latin-1")) or "<xournal" in head:
        return read_xopp
    if _INKML.search(head):
        return read_inkml
    if "WhiteboardCaptureSession" in head:
        return read_iam_ondb
    if head.lstrip("\xef\xbb\xbf \t\r\n")[:1] in ("{", "["):
        return read_json_ink
    if _UNIPEN.search(head):
        return read_unipen
    raise ValueError(f"{path}: unknown format. Supported: {FORMATS}.")
