"""PDF pages as grey pictures, drawn by pypdfium2, which brings its own decoder."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

DPI = 300  # of a page drawn: what scanners are set to for text
MOST_DRAWN = 40_000_000  # pixels of a page drawn; A2 at 300 dpi has 35 million, what is larger is drawn coarser
_HEAD = 64  # bytes; blanks may stand in front of the mark
_POINTS = 72  # in an inch


def is_pdf(source: str | Path | BinaryIO) -> bool:
    """Return whether a file, or an open one, which is left at its begin, is a PDF."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open(source, "rb")) if isinstance(source, str | Path) else source
        file.seek(0)
        head = file.read(_HEAD)
        file.seek(0)
    return head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-")


def num_pdf_pages(source: str | Path | BinaryIO, name: str) -> int:
    """Return the number of pages; errors as of `read_pdf_page`."""
    with _opened(source, name) as document:
        return len(document)


def read_pdf_page(source: str | Path | BinaryIO, number: int, name: str, max_pixels: int) -> np.ndarray:
    """Draw one page.

    Args:
        source: The file.
        number: Of the page, from 1.
        name: Of the file, for errors.
        max_pixels: Most pixels of all pictures on the page, which are decoded to be drawn.

    Returns:
        Grey uint8 `[H, W]`, at `DPI` where the page is not larger than `MOST_DRAWN`.

    Raises:
        ValueError: pypdfium2 is missing; damaged, encrypted, without this page, or far too large.
    """
    import pypdfium2

    with _opened(source, name) as document:
        try:
            page = document[number - 1]
            pictures = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
            sizes = [picture.get_px_size() for picture in pictures]  # before any of them is decoded
            width, height = page.get_size()
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise ValueError(f"broken page: {name}, page {number}: {error}") from error
        if (pixels := sum(width * height for width, height in sizes)) > max_pixels:
            raise ValueError(
                f"too large: {name}, page {number}: {pixels:,} pixels, more than the {max_pixels:,} allowed"
            )
        if not width > 0 or not height > 0:
            raise ValueError(f"broken page: {name}, page {number}: {width:g} x {height:g} points")
        scale = min(DPI / _POINTS, (MOST_DRAWN / (width * height)) ** 0.5)
        try:
            bitmap = page.render(scale=scale, grayscale=True)
        except (pypdfium2.PdfiumError, MemoryError) as error:
            raise ValueError(f"broken page: {name}, page {number}: {error}") from error
        return np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)


@contextlib.contextmanager
def _opened(source, name: str) -> Iterator:
    try:
        import pypdfium2
    except ImportError as error:
        remedy = "pip install 'seqapp[pages]', or make images of its pages: pdftoppm -r 300 -png FILE page"
        raise ValueError(f"pypdfium2 is missing: {name} is a PDF, which it decodes: {remedy}.") from error
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"broken PDF: {name}: {error}. Is it complete, and without a password?") from error
    try:
        yield document
    finally:
        document.close()
