"""Line images from any file, folder or archive of a user's: the format is told by content."""

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from seqapp.datasets.archive import archives_in, is_archive, opened
from seqapp.datasets.file_tree import id_of, log_unread, readable
from seqapp.datasets.image.layout import is_layout, named_picture, read_layout
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.line_pairs.reader import base_name, picture_files, read, read_text
from seqapp.datasets.image.line_reading import read_line
from seqapp.datasets.image.page_reading import layout_files, one_layout_per_page, read_pages
from seqapp.datasets.image.picture import SUFFIXES
from seqapp.datasets.repeats import without_repeats
from seqapp.datasets.skipped import Skipped

logger = logging.getLogger(__name__)

FORMATS = (
    f"images of one line each ({', '.join(SUFFIXES)}), ALTO or PAGE (.xml) beside their page images, folders of "
    "either, each folder also as a .tar, .tar.gz, .tar.xz or .zip archive"
)


def read_lines(path: str | Path, skipped: Skipped) -> Iterator[LineImage]:
    """Read line images of any supported format.

    Args:
        path: File, folder or archive. In a folder with ALTO or PAGE, pictures are pages; in one without, lines.
        skipped: Receives what cannot be used of a folder, an archive or a page; and repeated ids.

    Yields:
        Lines; those without a transcript have an empty text.

    Raises:
        ValueError: Nothing there, nothing supported in there, or a single file is broken.
    """
    return without_repeats(_read(Path(path), skipped), skipped)


def _read(path: Path, skipped: Skipped) -> Iterator[LineImage]:
    if path.is_dir():
        yield from _read_folder(path, skipped)
    elif is_archive(path):
        with opened(path) as folder:
            yield from _read_folder(folder, skipped)
    elif not path.is_file():
        raise ValueError(f"{path}: expected a file, folder or archive of line images, found nothing. Check the path.")
    elif path.suffix.lower() == ".xml":
        yield from _read_page(path, skipped)
    else:
        yield read_line(path, readable(path.stem), read_text(path) or "")


def _read_folder(folder: Path, skipped: Skipped) -> Iterator[LineImage]:
    layouts, pictures = layout_files(folder), picture_files(folder)
    if layouts and (not pictures or any(map(is_layout, layouts))):
        log_unread(folder, layouts, companions=SUFFIXES)
        _log_unused(folder, layouts, pictures)
        layouts = one_layout_per_page(layouts, folder, skipped)
        yield from read_pages(layouts, folder, read_layout, skipped, needs_text=False)
    elif pictures:
        yield from read(folder, skipped, needs_text=False)
    else:
        log_unread(folder, ())
        packed = ", ".join(path.name for path in archives_in(folder))
        remedy = f" Give one of the archives in there by its name: {packed}." if packed else ""
        raise ValueError(f"{folder}: no line images in there.{remedy} Supported: {FORMATS}.")


def _log_unused(folder: Path, layouts: Sequence[Path], pictures: Sequence[Path]) -> None:
    """Log the pictures that no layout is called like or names: lines among pages are not read."""
    used = {stem for layout in layouts for stem in (layout.stem, re.split(r"[/\\]", named_picture(layout))[-1])}
    used |= {Path(name).stem for name in used}
    unused = [
        readable(path.relative_to(folder).as_posix()) for path in pictures if not {path.stem, base_name(path)} & used
    ]
    if unused:
        listing = ", ".join(unused[:8]) + ", ..." * (len(unused) > 8)
        logger.warning("%s: %d images of no layout, not read: %s", folder, len(unused), listing)


def _read_page(path: Path, skipped: Skipped) -> Iterator[LineImage]:
    """Read the lines of a single page; one that cannot be opened is an error."""
    pages = Skipped()
    lines = read_pages([path], path.parent, read_layout, pages, needs_text=False)
    yield from lines
    if pages and pages.items[0][0] == id_of(path, path.parent):
        raise ValueError(f"{path}: {pages.items[0][1]}")
    for id, reason in pages.items:
        skipped.add(id, reason)
