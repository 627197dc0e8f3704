"""Base class of TFDS builders of page layouts: splits by folder, lines by page."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from seqapp.datasets.archive import is_archive, unpack
from seqapp.datasets.distribution import inner_folder
from seqapp.datasets.file_tree import log_unread
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.page import Page
from seqapp.datasets.image.page_reading import layout_files, one_layout_per_page, read_pages
from seqapp.datasets.image.picture import SUFFIXES
from seqapp.datasets.split_folders import find_splits


class PageBuilder(LineBuilder, skip_registration=True):
    """A subclass names the format: `READ_DOCUMENT`, from a path to a `Page`."""

    READ_DOCUMENT: Callable[[Path], Page]

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return what is named after the splits."""
        return list(find_splits(inner_folder(manual_dir)).values())

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read each split from what is named after it."""
        paths = find_splits(inner_folder(manual_dir))
        folders = {split: unpack(path, cache_dir) if is_archive(path) else path for split, path in paths.items()}
        return {split: self._read(folder) for split, folder in folders.items()}

    def _read(self, folder: Path) -> Iterable[LineImage]:
        layouts = layout_files(folder)
        log_unread(folder, layouts, companions=SUFFIXES)
        layouts = one_layout_per_page(layouts, folder, self.skipped)
        return read_pages(layouts, folder, self.READ_DOCUMENT, self.skipped)
