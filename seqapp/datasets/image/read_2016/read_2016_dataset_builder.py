"""TFDS builder of `read_2016`."""

from collections.abc import Iterable
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import below, open_root
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.page_lines.document import read_document
from seqapp.datasets.image.page_reading import layout_files, read_pages

# split -> (folder, what the archive that holds it is called)
PARTS = {
    "train": ("Training", "train-and-val"),
    "validation": ("Validation", "train-and-val"),
    "test": ("Test-ICFHR-2016", "test-icfhr"),
}


class Builder(LineBuilder):
    """READ 2016 with its official split."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch Train-And-Val-ICFHR-2016.tgz and Test-ICFHR-2016.tgz (https://zenodo.org/records/1164045) and give the folder
    that holds the archives, or what is in them: PublicData/Training, PublicData/Validation and Test-ICFHR-2016.
    """

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read the pages of each part."""
        lines = {}
        for split, (name, archive) in PARTS.items():

            def find_part(folder: Path, name: str = name) -> Path | None:
                return next((path for path in below(folder, name) if (path / "page").is_dir()), None)

            part = open_root(manual_dir, find_part, (archive,), cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
            lines[split] = read_pages(layout_files(part / "page"), part / "page", read_document, self.skipped)
        return lines
