"""Reader of pages with layouts, ALTO or PAGE: their grey pictures, and baselines with heights."""

import contextlib
import dataclasses
import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from seqapp.datasets.archive import archives_in, opened
from seqapp.datasets.file_tree import id_of
from seqapp.datasets.image.layout import is_layout, read_layout
from seqapp.datasets.image.page import Page, TextLine
from seqapp.datasets.image.page_layouts.line_heights import line_heights
from seqapp.datasets.image.page_layouts.splits import split
from seqapp.datasets.image.page_reading import layout_files, one_layout_per_page, open_page
from seqapp.datasets.processes import ProcessDiedError, in_order, num_processes
from seqapp.datasets.skipped import Skipped

Lines = list[tuple[np.ndarray, float, float]]


@dataclasses.dataclass(frozen=True)
class LayoutPage:
    """A page with its lines.

    Args:
        id: The layout's path below its root, without suffix; its first part tells the source.
        picture: Grey uint8 `[H, W]`.
        lines: (baseline float64 `[N, 2]` of x, y, left to right; height above; depth below), in pixels of the picture,
            in the order of the layout; heights are 0 when unknown.
    """

    id: str
    picture: np.ndarray
    lines: Lines

    @property
    def source(self) -> str:
        """The folder that the page came from, as a corpus of several has one each."""
        return _source(self.id)

    @property
    def split(self) -> str:
        """One of "train", "validation" and "test"."""
        return split(self.id.rsplit("/", 1)[-1])


def scale_lines(page: LayoutPage, line_height: float) -> LayoutPage:
    """Return a page whose lines are of about one height; never enlarged, and as it is where no height is known."""
    heights = [above + below for _, above, below in page.lines if above + below > 0]
    factor = min(1.0, line_height / np.median(heights)) if heights else 1.0
    size = [max(1, round(factor * side)) for side in page.picture.shape[::-1]]
    factors = np.divide(size, page.picture.shape[::-1])
    picture = np.asarray(Image.fromarray(page.picture).resize(size, Image.Resampling.BOX))
    lines = [(baseline * factors, above * factors[1], below * factors[1]) for baseline, above, below in page.lines]
    return LayoutPage(page.id, picture, lines)


def read_layout_pages(
    path: str | Path,
    skipped: Skipped,
    splits: Sequence[str] = ("train", "validation", "test"),
    scale=None,
    only: Sequence[str] = (),
    leave_out: Sequence[str] = (),
) -> list[LayoutPage]:
    """Read all pages of a folder, of an archive, or of the archives in a folder, whose split is asked for.

    Args:
        path: Folder or archive.
        skipped: Receives pages that cannot be read, and lines without a baseline.
        splits: Which pages.
        scale: Function from a `LayoutPage` to one of another size, called where the page is read: in its process.
        only: Sources whose pages are read; none named: those of all.
        leave_out: Sources whose pages are not read.

    Raises:
        ValueError: Nothing there, no layout in it, or a source that it does not have.
    """
    with contextlib.ExitStack() as stack:
        roots = [stack.enter_context(opened(source)) for source in _sources(Path(path))]
        files = [(id_of(layout, root), layout) for root in roots for layout in _layouts(root, skipped)]
        if not files:
            raise ValueError(f"{path} holds no layout. Expected ALTO or PAGE files with their pictures.")
        chosen = _chosen({_source(id) for id, _ in files}, only, leave_out)
        files = [(id, file) for id, file in files if split(file.stem) in splits and _source(id) in chosen]
        return list(_pages(files, skipped, scale))


def _source(id):
    return id.split("/")[0] if "/" in id else ""


def _chosen(sources, only, leave_out):
    """Return the sources that are read."""
    for name in (*only, *leave_out):
        if name not in sources:
            raise ValueError(f"Expected sources among {', '.join(sorted(sources))}. Received: {name!r}.")
    return (set(only) or sources) - set(leave_out)


def _sources(path):
    """Return what is read: a folder of archives stands for them, unless it holds layouts itself."""
    if path.is_dir() and not layout_files(path):
        return archives_in(path) or [path]
    return [path]


def _layouts(root, skipped):
    layouts = [layout for layout in layout_files(root) if is_layout(layout)]
    return one_layout_per_page(layouts, root, skipped)


def _pages(files, skipped, scale):
    count = num_processes() if len(files) > 8 else 1
    for result, (id, _) in zip(in_order(functools.partial(_read, scale=scale), files, count), files):
        try:
            page, left_out = result()
        except ProcessDiedError as error:
            page, left_out = None, [(id, str(error))]
        for item in left_out:
            skipped.add(*item)
        if page is not None:
            yield page


def _read(file, scale):
    """Return a page, or None, and (id, reason) of what is left out. No fault of a page is an error."""
    id, path = file
    try:
        layout, picture = open_page(path, read_layout)
    except (ValueError, OSError) as error:
        return None, [(id, str(error))]
    page = LayoutPage(id, picture, layout_lines(layout))
    missing = [(f"{id}/{line.id}", "no baseline") for line in layout.lines if len(line.baseline) < 2]
    return page if scale is None else scale(page), missing


def layout_lines(layout: Page) -> Lines:
    """Return the lines of a layout with baselines, as a `LayoutPage` has them."""
    lines = [_left_to_right(line) for line in layout.lines if len(line.baseline) >= 2]
    return [(line.baseline, *line_heights(line)) for line in lines]


def _left_to_right(line: TextLine) -> TextLine:
    """Return a line whose baseline runs to the right, so that what is above it is told from what is below."""
    runs_left = line.baseline[-1, 0] < line.baseline[0, 0]
    return dataclasses.replace(line, baseline=line.baseline[::-1]) if runs_left else line
