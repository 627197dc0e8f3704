"""Evaluation of whole page texts: found lines beside true layouts (evaluate_pages.py --recogniser)."""

import contextlib
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seqapp.command_line import log_progress
from seqapp.datasets.archive import opened
from seqapp.datasets.file_tree import id_of
from seqapp.datasets.image.layout import is_layout, read_layout
from seqapp.datasets.image.page import TextLine
from seqapp.datasets.image.page_layouts.line_heights import line_heights
from seqapp.datasets.image.page_layouts.splits import split as split_of
from seqapp.datasets.image.page_picture import PagePicture
from seqapp.datasets.image.page_reading import cut_line, layout_files, one_layout_per_page, open_page
from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.page_lines import lie_on_lines
from seqapp.evaluation.pages.page_texts import PageScore, PageTexts, score_pages
from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.line_finder.reading_order import reading_order
from seqapp.models.page_reader import BATCH_LINES, FindsLines, PageReader
from seqapp.text.labels import label_of

logger = logging.getLogger(__name__)

ALL = "all"


def evaluate_page_texts(
    transcriber, line_finder: FindsLines, path: str | Path, split: str, skipped: Skipped
) -> PageScore:
    """Read pages by their layouts, and with lines that are found; the text of a page is that in reading order.

    Args:
        transcriber: `Transcriber` of line images, with a recipe.
        line_finder: Gives the lines of a picture in reading order.
        path: Folder or archive of ALTO or PAGE with their pictures.
        split: "train", "validation", "test" as `page_layouts` divides pages, or "all".
        skipped: Receives pages that cannot be read, and those without any text.

    Raises:
        ValueError: There is no page to score.
    """
    pages = []
    with contextlib.ExitStack() as stack:
        root = stack.enter_context(opened(path))
        layouts = _layouts(root, split, skipped)
        for layout in log_progress(layouts, "reading pages", len(layouts)):
            try:
                pages.append(_read(transcriber, line_finder, layout, id_of(layout, root)))
            except ValueError as error:
                skipped.add(id_of(layout, root), str(error))
    if not pages:
        raise ValueError(f"Expected pages with a text in {path}. Received: none of split {split}. Is it the right one?")
    return score_pages(pages)


def _layouts(root: Path, split: str, skipped: Skipped) -> list[Path]:
    layouts = one_layout_per_page([path for path in layout_files(root) if is_layout(path)], root, skipped)
    return [path for path in layouts if split == ALL or split_of(path.stem) == split]


def _read(transcriber, line_finder, layout: Path, id: str) -> PageTexts:
    page, picture = open_page(layout, read_layout)
    lines = list(_in_reading_order([line for line in page.lines if line.text.strip()]))
    if not lines:
        raise ValueError("no text")
    texts = [label_of(line.text, transcriber.recipe.data) for line in lines]
    by_layout = _read_lines(transcriber, picture, lines)
    started = time.process_time()
    reading = PageReader(transcriber, line_finder).read(PagePicture(picture, layout.name))
    seconds = time.process_time() - started
    is_in_layout = _lie_in_layout(page.lines, reading.lines)
    in_layout = [line.text for line, is_in in zip(reading.lines, is_in_layout) if is_in and line.text]
    return PageTexts(
        id, "\n".join(texts), "\n".join(filter(None, by_layout)), reading.text, len(lines), len(reading.lines), seconds,
        reading.text if all(is_in_layout) else "\n".join(in_layout), int((~is_in_layout).sum()),
    )  # fmt: skip


def _lie_in_layout(lines: list[TextLine], found) -> np.ndarray:
    """Which found lines lie on one of the layout, with or without a text: bool `[M]`."""
    known = [_as_found(line) for line in lines if len(line.baseline) > 1 or len(line.polygon)]
    heights = [line.above + line.below for line in known]
    height = float(np.median(heights)) if heights else 0.0
    return lie_on_lines([line.baseline for line in known], [line.baseline for line in found], height)


def _read_lines(transcriber, picture: np.ndarray, lines: list[TextLine]) -> list[str]:
    """Texts of the lines of a layout; of one that cannot be cut out an empty one."""
    images = []
    for line in lines:
        try:
            images.append(cut_line(picture, line, line.id).columns)
        except ValueError as error:
            logger.info("%s: %s", line.id, error)
    return [reading.text for reading in transcriber.transcribe(images, BATCH_LINES)]


def _in_reading_order(lines: list[TextLine]) -> Iterator[TextLine]:
    """Lines as a line finder sorts them: layouts list the line that was drawn last at their end."""
    return (lines[place] for place in reading_order([_as_found(line) for line in lines]))


def _as_found(line: TextLine) -> FoundLine:
    baseline = line.baseline
    if len(baseline) < 2:  # a polygon alone: three quarters of it above the line
        (left, top), (right, bottom) = line.polygon.min(axis=0), line.polygon.max(axis=0)
        height = bottom - top
        return FoundLine(
            np.array([[left, bottom - height / 4], [right, bottom - height / 4]]), height * 3 / 4, height / 4
        )
    baseline = baseline if baseline[0, 0] <= baseline[-1, 0] else baseline[::-1]
    return FoundLine(baseline, *line_heights(line))
