"""Evaluation of a line finder on pages with layouts: counts per source, a table, JSON, pictures of what was found."""

import dataclasses
import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from seqapp.datasets.image.page_layouts.read import LayoutPage, read_layout_pages
from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.page_lines import LineCounts, compare_lines, total
from seqapp.evaluation.pages.found_layouts import found_layouts, lines_of_layout, name_of
from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.line_finder.line_finder import LineFinder

log = logging.getLogger(__name__)

SPLITS = ("train", "validation", "test")
USUAL_HEIGHT = 50.0  # pixels, of lines whose layout states no polygon
TRUE, FOUND, OUTLINE = (0, 140, 255), (230, 0, 0), (0, 160, 60)
COLUMNS = ("precision", "recall", "f", "missed", "spurious", "merged", "split", "lines", "found")


@dataclasses.dataclass(frozen=True)
class PageEvaluation:
    """Lines found on pages, compared with their layouts.

    Args:
        counts: From the id of a page to its `LineCounts`.
        sources: From the id of a page to its source.
        seconds: Processor time of finding, by page.
        skipped: What could not be read.
    """

    counts: dict[str, LineCounts]
    sources: dict[str, str]
    seconds: dict[str, float]
    skipped: Skipped

    def by_source(self) -> dict[str, LineCounts]:
        """Return the counts of each source, and of all pages under "all"."""
        names = sorted(set(self.sources.values()))
        sums = {name: total(self.counts[id] for id in self.counts if self.sources[id] == name) for name in names}
        return sums | {"all": total(self.counts.values())}

    def to_json(self) -> str:
        """Return sums, pages and what was left out."""
        result = {
            "sources": {name: counts.to_dict() for name, counts in self.by_source().items()},
            "pages": {id: counts.to_dict() for id, counts in self.counts.items()},
            "core_seconds_per_page": self.core_seconds(),
            "skipped": self.skipped.to_dict(),
        }
        return json.dumps(result, indent=2, ensure_ascii=False) + "\n"

    def table(self) -> str:
        """Return a line per source."""
        rows = [("source", "pages", *COLUMNS)]
        for name, counts in self.by_source().items():
            pages = sum(name in ("all", source) for source in self.sources.values())
            values = (counts.to_dict()[column] for column in COLUMNS)
            texts = (f"{value:.4f}" if isinstance(value, float) else str(value) for value in values)
            rows.append((name or "-", str(pages), *texts))
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths)).rstrip() for row in rows]
        seconds = [f"{self.core_seconds():.2f} core-seconds a page (median)"] if self.seconds else []
        return "\n".join([*lines, *seconds]) + "\n"

    def core_seconds(self) -> float:
        """Return the median processor time of a page."""
        return float(np.median(list(self.seconds.values()))) if self.seconds else 0.0


def evaluate_pages(
    line_finder: LineFinder | None,
    data_dir: str | Path,
    split: str = "test",
    pictures: str | Path | None = None,
    found: str | Path | None = None,
    only: Sequence[str] = (),
) -> PageEvaluation:
    """Find the lines of pages and compare them with the pages' layouts.

    Args:
        line_finder: `LineFinder`; None where `found` has the lines.
        data_dir: Folder or archive of ALTO or PAGE with pictures, or a folder of such archives.
        split: "train", "validation", "test" or "all".
        pictures: Folder for a picture of each page, with what was found on it.
        found: Folder of ALTO or PAGE, by the names of the pages, with lines that another tool has found. Pages that it
            lacks are left out; with a line finder too, these are the pages that it is scored on.
        only: Sources whose pages are scored; none named: those of all.

    Raises:
        ValueError: There is no page of this split, none that `found` has a layout of, or no such source.
    """
    layouts = None if found is None else found_layouts(found)
    if split not in (*SPLITS, "all"):
        raise ValueError(f"--split must be one of {', '.join(SPLITS)}, all. Received: {split!r}.")
    skipped = Skipped()
    pages = read_layout_pages(data_dir, skipped, SPLITS if split == "all" else (split,), only=only)
    if not pages:
        raise ValueError(f"{data_dir} holds no page of {split}. Try --split all.")
    evaluation = PageEvaluation({}, {}, {}, skipped)
    if layouts is not None:
        pages = [page for page in pages if name_of(page) in layouts]
        if not pages:
            raise ValueError(f"{found} holds no layout of a page of {split} in {data_dir}. Expected their names.")
    for page in pages:
        begin = time.process_time()
        lines = line_finder.find(page.picture) if line_finder else lines_of_layout(layouts[name_of(page)])
        if line_finder:
            evaluation.seconds[page.id] = time.process_time() - begin
        evaluation.counts[page.id] = compare_page(page, lines)
        evaluation.sources[page.id] = page.source
        if pictures is not None:
            save_picture(page, lines, Path(pictures) / f"{page.id}.jpg")
    return evaluation


def compare_page(page: LayoutPage, lines: Sequence[FoundLine]) -> LineCounts:
    """Compare the lines found on a page with its layout's."""
    heights = [above + below for _, above, below in page.lines if above + below > 0]
    height = float(np.median(heights)) if heights else USUAL_HEIGHT
    return compare_lines([baseline for baseline, _, _ in page.lines], [line.baseline for line in lines], height)


def save_picture(page: LayoutPage, lines: Sequence[FoundLine], path: Path) -> None:
    """Write a page as a picture: baselines of the layout blue, found ones red with outlines and their number."""
    image = Image.fromarray(page.picture).convert("RGB")
    draw = ImageDraw.Draw(image)
    for baseline, _, _ in page.lines:
        draw.line(_points(baseline), TRUE, 5)
    for number, line in enumerate(lines, 1):
        draw.polygon(_points(line.outline()), outline=OUTLINE)
        draw.line(_points(line.baseline), FOUND, 3)
        draw.text(tuple(line.baseline[0] - (0, line.above)), str(number), FOUND, font_size=max(12, line.above * 0.8))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


def _points(line):
    return [tuple(point) for point in line]
