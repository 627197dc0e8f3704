"""Page picture: the picture of a whole page, decoded when it is asked for; files of several pages (TIFF, PDF).

A picture is taken for a page by its shape alone, which its header tells: lines of a corpus are never decoded for it.
"""

import dataclasses
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from seqapp.datasets.image.pdf import is_pdf, num_pdf_pages, read_pdf_page
from seqapp.datasets.image.picture import MAX_PIXELS, as_grey, picture_errors, picture_opened, turned_size

MIN_HEIGHT = 300  # rows of a page: lines, also words cut out on their own, are lower at the usual 150 to 300 dpi
LINE_ASPECT = 4.0  # width by height from which a picture is one of a line, whatever its size
MAX_PAGES = 2_000  # of a file
PDF_SUFFIX = ".pdf"
_TIFF_KIND, _TIFF_THUMBNAIL = 254, 1  # the tag NewSubfileType, and its bit of a smaller copy of another page

Source = str | Path | BinaryIO | np.ndarray


def is_page_shaped(width: int, height: int) -> bool:
    """Return whether a picture is taken for that of a page, and not for that of a single line.

    Args:
        width: In pixels, as one looks at it.
        height: Likewise.
    """
    return height >= MIN_HEIGHT and width < LINE_ASPECT * height


@dataclasses.dataclass(frozen=True)
class PagePicture:
    """What stands for the columns of a line where there is a whole page.

    Args:
        source: Path, open file, or the picture itself, grey uint8 `[H, W]`.
        name: Of the file; empty when unknown.
        number: Of the page in a file of several, from 1.
        frame: Of a TIFF: where the page lies in it, from 0.
    """

    source: Source
    name: str = ""
    number: int = 1
    frame: int = 0

    def open(self) -> np.ndarray:
        """Decode it.

        Returns:
            Grey uint8 `[H, W]`, turned as its EXIF orientation says.

        Raises:
            ValueError: Damaged, or far too large.
        """
        if isinstance(self.source, np.ndarray):
            return self.source
        if is_pdf(self.source):
            return read_pdf_page(self.source, self.number, self.name, MAX_PIXELS)
        with picture_errors(self.name), picture_opened(self.source) as picture:
            picture.seek(self.frame)
            return as_grey(picture)


def page_pictures(path: Path, is_copied: bool = False) -> list[PagePicture]:
    """List the pages of a picture or PDF by its header; none where it is a picture of a line.

    Args:
        path: Any file.
        is_copied: Whether the pages outlive the file, such as one of an unpacked archive.

    Raises:
        ValueError: No picture and no PDF, damaged, or of too many pages.
    """
    name = path.name
    if is_pdf(path):
        frames = [0] * _checked(num_pdf_pages(path, name), name)
    else:
        with picture_errors(name), picture_opened(path) as picture:
            frames = _frames(picture, name)
            if len(frames) == 1 and not is_page_shaped(*turned_size(picture)):
                return []
    source = _copy(path) if is_copied else path
    return [PagePicture(source, name, number, frame) for number, frame in enumerate(frames, start=1)]


def _frames(picture: Image.Image, name: str) -> list[int]:
    """Frames of a TIFF that are pages, and not smaller copies of pages; of anything else the first."""
    if picture.format != "TIFF":
        return [0]
    frames = []
    for frame in range(_checked(_num_frames(picture), name)):
        picture.seek(frame)
        if not picture.tag_v2.get(_TIFF_KIND, 0) & _TIFF_THUMBNAIL:
            frames.append(frame)
    picture.seek(0)
    return frames or [0]


def _num_frames(picture: Image.Image) -> int:
    """Count frames, `MAX_PAGES` and one at most: a few bytes can claim a million."""
    count = 1
    try:
        while count <= MAX_PAGES:
            picture.seek(count)
            count += 1
    except EOFError:
        pass
    return count


def _checked(count: int, name: str) -> int:
    if count > MAX_PAGES:
        raise ValueError(f"too many pages: {name}: more than the {MAX_PAGES:,} allowed. Divide the file.")
    return count


def _copy(path: Path) -> BinaryIO:
    copy = tempfile.TemporaryFile(prefix="seqapp-")  # noqa: SIM115 (it lives as long as the pages)
    with open(path, "rb") as file:
        shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy
