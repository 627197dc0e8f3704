"""TFDS builder of `page_sources`."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import find_source, open_root
from seqapp.datasets.file_tree import is_hidden
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.layout import read_layout
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.page_reading import layout_files, read_pages
from seqapp.datasets.image.page_sources.marks import unify_marks
from seqapp.datasets.image.page_sources.splits import split
from seqapp.datasets.image.picture import SUFFIXES

ARCHIVE_NAMES = ("pages",)


class Builder(LineBuilder):
    """Lines of pages of several archives; each source counts as one writer, and a fifth of its pages is for test."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give a folder, or an archive named *pages*, with a folder for each source, and in it ALTO or PAGE files beside their
    pictures.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the root of the sources, or their archive; where neither is found, the whole folder."""
        return [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read the pages of each split, their transcripts with the marks of Copiste d'un jour."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        pages: dict[str, list[Path]] = {"train": [], "test": []}
        for path in layout_files(root):
            pages[split(path.stem)].append(path)
        return {name: self._read(paths, root) for name, paths in pages.items() if paths}

    def _read(self, paths: Sequence[Path], root: Path) -> Iterator[LineImage]:
        def source_of(path: Path) -> str:
            return hashed_name("page_sources", path.relative_to(root).parts[0])

        for line in read_pages(paths, root, read_layout, self.skipped, writer_of=source_of):
            text = unify_marks(line.text)
            if text:
                yield dataclasses.replace(line, text=text)
            else:
                self.skipped.add(line.id, "nothing but marks")


def find_root(folder: Path) -> Path | None:
    """Return the folder at or below `folder` with two folders or more that hold layouts beside pictures; else None."""
    for candidate in (folder, *sorted(path for path in folder.glob("*") if path.is_dir())):
        if sum(map(_is_source, candidate.glob("*"))) > 1:
            return candidate
    return None


def _is_source(folder: Path) -> bool:
    if not folder.is_dir() or is_hidden(folder, folder.parent):
        return False
    suffixes = {path.suffix.lower() for path in folder.glob("*")}
    return ".xml" in suffixes and not suffixes.isdisjoint(SUFFIXES)
