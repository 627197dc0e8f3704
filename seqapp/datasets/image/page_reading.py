"""Line images cut from page images by the layouts beside them."""

import dataclasses
import functools
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from seqapp.datasets.file_tree import files_below, id_of, is_hidden
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.baseline_outline import outline_baselines
from seqapp.datasets.image.line_height import to_columns
from seqapp.datasets.image.line_image import LineImage, check
from seqapp.datasets.image.page import VERTICAL, Page, TextLine
from seqapp.datasets.image.picture import SUFFIXES, picture_sizes, read_picture
from seqapp.datasets.image.straightening import straighten
from seqapp.datasets.processes import ProcessDiedError, in_order, num_processes
from seqapp.datasets.skipped import Skipped

logger = logging.getLogger(__name__)

ReadDocument = Callable[[Path], Page]
# Folders that hold one kind of files of all pages, so that their neighbours hold another kind of the same pages.
FORMAT_FOLDERS = ("page", "pagexml", "pages", "alto", "xml", "layout", "layouts", "gt", "transcriptions")
PICTURE_FOLDERS = (
    "image", "images", "img", "imgs", "picture", "pictures", "photo", "photos", "scan", "scans", "original",
    *(suffix.lstrip(".") for suffix in SUFFIXES),
)  # fmt: skip
_SEPARATORS = re.compile(r"[ _-]")
_NUMBER = re.compile(r"\d+")
FEW_PAGES = 8  # fewer are read before other processes have started


def layout_files(folder: Path) -> list[Path]:
    """List the XML files below a folder, sorted; hidden ones and a METS of several pages are left out."""
    return [path for path in files_below(folder, (".xml",)) if path.stem.lower() not in ("mets", "metadata")]


def one_layout_per_page(paths: Sequence[Path], root: Path, skipped: Skipped) -> list[Path]:
    """Leave out layouts of a page that another folder describes too: page/p.xml stays, alto/p.xml beside it goes.

    Args:
        paths: Layouts.
        root: Folder below which their ids are told.
        skipped: Receives those left out.
    """
    twins: dict[tuple[Path, str], list[Path]] = {}
    for path in paths:
        twins.setdefault((path.parent.parent, path.stem), []).append(path)
    remaining = []
    for path in paths:
        ranked = [twin for twin in twins[path.parent.parent, path.stem] if _format_rank(twin) is not None]
        first = min(ranked, key=_format_rank, default=path)
        if path in ranked and _format_rank(first) < _format_rank(path):
            skipped.add(id_of(path, root), f"page read from another layout: {first.relative_to(root).as_posix()}")
        else:
            remaining.append(path)
    return remaining


@dataclasses.dataclass(frozen=True)
class PageFile:
    """A page before it is read.

    Args:
        id: Of the page: begins the ids of its lines.
        writer_id: Hashed; empty when unknown.
        open: Function without arguments that gives the page in the pixels of its picture, and the picture, as
            `open_page` does. It may be sent to another process, so it is a function of a module or a partial of one.
    """

    id: str
    writer_id: str
    open: Callable[[], tuple[Page, np.ndarray]]


def read_pages(
    paths: Iterable[Path],
    root: Path,
    read_document: ReadDocument,
    skipped: Skipped,
    needs_text: bool = True,
    writer_of: Callable[[Path], str] | None = None,
) -> Iterator[LineImage]:
    """Read the lines of layouts, as `read_page_files` does.

    Args:
        paths: Layouts.
        root: Folder; ids are paths below it.
        read_document: Of the layouts' format.
        skipped: Receives pages and lines that cannot be used.
        needs_text: False: lines without a transcript are kept, with an empty text.
        writer_of: From a layout to its hashed writer; None: each page counts as a writer.

    Yields:
        Lines; ids are the layout's path, a slash, and the line's own id.
    """
    pages = []
    for path in paths:
        id = id_of(path, root)
        writer_id = writer_of(path) if writer_of else hashed_name("page", id)
        pages.append(PageFile(id, writer_id, functools.partial(open_page, path, read_document)))
    return read_page_files(pages, skipped, needs_text)


def read_page_files(pages: Sequence[PageFile], skipped: Skipped, needs_text: bool = True) -> Iterator[LineImage]:
    """Read the lines of pages; many pages in several processes, with the same result.

    Args:
        pages: In the order of reading.
        skipped: Receives pages and lines that cannot be used.
        needs_text: False: lines without a transcript are kept, with an empty text.

    Yields:
        Lines; ids are the page's, a slash, and the line's own.
    """
    count = num_processes() if len(pages) > FEW_PAGES else 1
    read = functools.partial(read_page, needs_text=needs_text)
    for result, page in zip(in_order(read, pages, count), pages):
        try:
            lines, left_out = result()
        except ProcessDiedError as error:
            lines, left_out = [], [(page.id, str(error))]
        for id, reason in left_out:
            skipped.add(id, reason)
        yield from lines


def read_page(file: PageFile, needs_text: bool) -> tuple[list[LineImage], list[tuple[str, str]]]:
    """Read one page: its lines, and (id, reason) of what cannot be used. No fault of a page is an error."""
    skipped = Skipped()
    try:
        page, picture = file.open()
        for id, reason in page.left_out:
            skipped.add(f"{file.id}/{id}", reason)
        lines = [
            _read_line(picture, line, f"{file.id}/{line.id}", file.writer_id, skipped, needs_text)
            for line in page.lines
        ]
    except ValueError as error:
        return [], [(file.id, str(error))]
    except Exception as error:  # of one page among thousands, in files that nobody has foreseen
        return [], [(file.id, f"broken page: {type(error).__name__}: {error}")]
    return [line for line in lines if line is not None], skipped.items


def open_page(path: Path, read_document: ReadDocument) -> tuple[Page, np.ndarray]:
    """Return a layout in the pixels of its picture, and the picture, grey uint8 `[H, W]`; ValueError without either."""
    page = read_document(path)
    image = find_picture(path, page.image)
    picture = read_picture(image, is_turned=_is_turned(image, page))
    return outline_baselines(page.scaled_to(*picture.shape[::-1])), picture


def _is_turned(image: Path, page: Page) -> bool:
    """Return whether the layout is of the picture as its EXIF orientation turns it, told by the sizes."""
    sizes = picture_sizes(image)
    if len(sizes) == 1 or not page.width or not page.height:
        return True
    fits_raw, fits_turned = (_is_alike((page.width, page.height), size) for size in sizes)
    if fits_raw == fits_turned:
        logger.warning("%s: turned by its EXIF orientation; the layout's size does not tell if it is too", image)
    return fits_turned or not fits_raw


def _is_alike(size: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(np.log(size[0] / size[1] * other[1] / other[0])) < 0.02


def find_picture(path: Path, name: str) -> Path:
    """Find the picture of a layout.

    Args:
        path: The layout.
        name: The picture as the layout names it; of a path or URL the last part counts.

    Returns:
        The file of that name beside the layout, in the folder above, or in a folder of pictures there (images/ beside
        alto/); failing that, the picture there that is called like the layout. A neighbour of another name holds the
        pictures of other pages.

    Raises:
        ValueError: There is none.
    """
    name = re.split(r"[/\\]", name)[-1]
    above = path.resolve().parent.parent
    neighbours = sorted(folder for folder in above.iterdir() if folder.is_dir() and not is_hidden(folder, above))
    has_format = _format_rank(path.resolve()) is not None
    pages = _NUMBER.sub("", path.resolve().parent.name)  # scan1/ and scan2/ are two pages
    others = [folder for folder in neighbours if _holds_pictures(folder) and _NUMBER.sub("", folder.name) != pages]
    folders = [path.parent, above, *(neighbours if has_format else others)]
    stems = [path.stem, Path(name).stem]
    names = [name] * bool(name) + [stem + suffix for stem in stems if stem for suffix in SUFFIXES]
    for candidate in names:
        for folder in folders:
            if (folder / candidate).is_file():
                return folder / candidate
    raise ValueError(f"no image: {name!r} of {path.name} is neither beside it nor in a folder of images next to it")


def _format_rank(path: Path) -> int | None:
    """Return the place in `FORMAT_FOLDERS` of the name of a layout's folder; None where it names no format.

    A number makes it the folder of one page: page1/ and page2/ hold different pages.
    """
    name = _SEPARATORS.sub("", path.parent.name.lower())
    return FORMAT_FOLDERS.index(name) if name in FORMAT_FOLDERS else None


def _holds_pictures(folder: Path) -> bool:
    return any(word in PICTURE_FOLDERS for word in re.findall("[a-z]+2?", folder.name.lower()))  # 2: jp2


def _read_line(
    picture: np.ndarray, line: TextLine, id: str, writer_id: str, skipped: Skipped, needs_text: bool
) -> LineImage | None:
    if needs_text and not line.text:
        skipped.add(id, line.missing_text)
        return None
    if line.direction in VERTICAL and len(line.baseline) < 2:
        skipped.add(id, f"vertical: {line.direction}, without a baseline to turn it by")
        return None
    try:
        return cut_line(picture, line, id, writer_id)
    except ValueError as error:
        skipped.add(id, str(error))
        return None


def cut_line(picture: np.ndarray, line: TextLine, id: str, writer_id: str = "") -> LineImage:
    """Cut a line out of its page along its baseline.

    Args:
        picture: Grey uint8 `[H, W]` of the page.
        line: In its pixels.
        id: Of the line image.
        writer_id: Hashed; empty when unknown.

    Raises:
        ValueError: It lies outside the page, has no area, or is far too large.
    """
    columns = to_columns(straighten(picture, line), is_cut_out=True)
    image = LineImage(id, columns, line.text, writer_id)
    if reason := check(image):
        raise ValueError(reason)
    return image
