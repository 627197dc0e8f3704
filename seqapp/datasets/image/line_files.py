"""Line images from any file, folder or archive of a user's: the format is told by content."""

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from seqapp.datasets.archive import archives_in, is_archive, opened
from seqapp.datasets.file_tree import files_below, id_of, log_unread, readable
from seqapp.datasets.image.layout import is_layout, named_picture, read_layout
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.line_pairs.reader import base_name, picture_files, read, read_text, without_variants
from seqapp.datasets.image.line_reading import read_line
from seqapp.datasets.image.page_picture import PDF_SUFFIX, PagePicture, page_pictures
from seqapp.datasets.image.page_reading import layout_files, one_layout_per_page, read_pages
from seqapp.datasets.image.picture import SUFFIXES
from seqapp.datasets.repeats import without_repeats
from seqapp.datasets.skipped import Skipped

logger = logging.getLogger(__name__)

FORMATS = (
    f"images of one line each ({', '.join(SUFFIXES)}), ALTO or PAGE (.xml) beside their page images, images of pages "
    "and PDFs where they are transcribed, folders of any of these, each folder also as a .tar, .tar.gz, .tar.xz or "
    ".zip archive"
)


def read_lines(path: str | Path, skipped: Skipped, keeps_pages: bool = False) -> Iterator[LineImage]:
    """Read line images of any supported format.

    Args:
        path: File, folder or archive. In a folder with ALTO or PAGE, pictures are pages; in one without, lines.
        skipped: Receives what cannot be used of a folder, an archive or a page; and repeated ids.
        keeps_pages: Whether a picture that `is_page_shaped`, and each page of a PDF or of a TIFF of several, comes as a
            `PagePicture` in the place of its columns; otherwise a picture is one of a line, and a PDF an error.

    Yields:
        Lines; those without a transcript have an empty text.

    Raises:
        ValueError: Nothing there, nothing supported in there, or a single file is broken.
    """
    return without_repeats(_read(Path(path), skipped, keeps_pages), skipped)


def _read(path: Path, skipped: Skipped, keeps_pages: bool) -> Iterator[LineImage]:
    if path.is_dir():
        yield from _read_folder(path, skipped, keeps_pages)
    elif is_archive(path):
        with opened(path) as folder:
            yield from _read_folder(folder, skipped, keeps_pages, is_temporary=True)
    elif not path.is_file():
        raise ValueError(f"{path}: expected a file, folder or archive of line images, found nothing. Check the path.")
    elif path.suffix.lower() == ".xml":
        yield from _read_page(path, skipped)
    elif keeps_pages and (pages := page_pictures(path)):
        yield from _as_examples(pages, readable(path.stem))
    else:
        yield read_line(path, readable(path.stem), read_text(path) or "", is_isolated=True)


def _read_folder(folder: Path, skipped: Skipped, keeps_pages: bool, is_temporary: bool = False) -> Iterator[LineImage]:
    layouts, pictures = layout_files(folder), picture_files(folder)
    pdfs = files_below(folder, (PDF_SUFFIX,)) if keeps_pages else []
    if layouts and (not pictures or any(map(is_layout, layouts))):
        log_unread(folder, layouts, companions=SUFFIXES)
        _log_unused(folder, layouts, pictures)
        layouts = one_layout_per_page(layouts, folder, skipped)
        yield from read_pages(layouts, folder, read_layout, skipped, needs_text=False)
    elif pictures or pdfs:
        pages = _pages_in(folder, pictures, pdfs, skipped, is_temporary) if keeps_pages else {}
        yield from read(folder, skipped, needs_text=False, pages=pages.keys())
        for file, pages_of_file in pages.items():
            yield from _as_examples(pages_of_file, id_of(file, folder))
    else:
        log_unread(folder, ())
        packed = ", ".join(path.name for path in archives_in(folder))
        remedy = f" Give one of the archives in there by its name: {packed}." if packed else ""
        raise ValueError(f"{folder}: no line images in there.{remedy} Supported: {FORMATS}.")


def _pages_in(
    folder: Path, pictures: list[Path], pdfs: list[Path], skipped: Skipped, is_temporary: bool
) -> dict[Path, list[PagePicture]]:
    """Return the files of a folder that are pages, and PDFs that are broken, without any; in sorted order."""
    pages = {}
    for file in sorted([*without_variants(pictures, folder, Skipped()), *pdfs]):
        try:
            if found := page_pictures(file, is_temporary):
                pages[file] = found
        except ValueError as error:
            if file in pdfs:  # a broken picture is named where lines are read
                pages[file] = []
                skipped.add(id_of(file, folder), str(error))
    return pages


def _as_examples(pages: list[PagePicture], id: str) -> Iterator[LineImage]:
    """Yield the pages of a file; of several each has an id of its own: "letter_p01", "letter_p02"."""
    digits = len(str(len(pages)))
    for page in pages:
        yield LineImage(f"{id}_p{page.number:0{digits}d}" if len(pages) > 1 else id, page)


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
