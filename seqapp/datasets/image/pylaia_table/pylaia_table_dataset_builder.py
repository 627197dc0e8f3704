"""TFDS builder of `pylaia_table`: a corpus that was made for PyLaia."""

from collections.abc import Iterable
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import below
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.pylaia_table.reader import find_pictures, find_tables, read


class Builder(LineBuilder):
    """Line images and tables of their tokens, one table per split."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give a folder that holds PyLaia's tables train.txt, val.txt and test.txt (or tr.txt, va.txt and te.txt; one level
    down at most), lines of an image's id and its tokens, and the images anywhere below it.
    """

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read each table."""
        folders = [manual_dir, *(path for path in below(manual_dir, "*", depth=1) if path.is_dir())]
        tables = next(filter(None, map(find_tables, folders)), None)
        if tables is None:
            raise ValueError(f"{manual_dir}: no table in there. {self.MANUAL_DOWNLOAD_INSTRUCTIONS.strip()}")
        pictures = find_pictures(manual_dir)
        return {split: read(path, pictures, self.skipped) for split, path in tables.items()}
