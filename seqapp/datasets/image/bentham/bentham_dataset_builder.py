"""TFDS builder of `bentham`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import below, find_source, open_root
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.bentham.partitions import FOLDER, LISTS, page_of, read_partitions
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.line_pairs.reader import picture_files
from seqapp.datasets.image.line_reading import LineFile, read_line_files

ARCHIVE_NAMES = ("bentham",)


class Builder(LineBuilder):
    """The lines of the competition of 2014, split by its lists of pages."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch BenthamDatasetR0 (http://tc11.cvc.uab.es/datasets/HTR%20Competition%202014_1) and give the folder that holds
    Images/, Transcriptions/ and Partitions/, or the archive, or a folder with an archive named *bentham*.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the root of the corpus, or its archive; where neither is found, the whole folder."""
        return [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read the lines of each list, sorted."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        splits = read_partitions(root)
        files: dict[str, list[LineFile]] = {split: [] for split in LISTS}
        for path in picture_files(root / "Images" / "Lines"):
            page = page_of(path.stem, splits)
            if page is None:
                self.skipped.add(path.stem, "in no list")
                continue
            text = _text(root / "Transcriptions" / f"{path.stem}.txt")
            files[splits[page]].append(LineFile(path, f"{page}/{path.stem}", text, hashed_name("bentham", page)))
        return {split: read_line_files(lines, self.skipped) for split, lines in files.items()}


def find_root(folder: Path) -> Path | None:
    """Return the folder that holds the lists: `folder` or one below; else None."""
    return next((path.parents[1] for path in below(folder, f"{FOLDER}/{LISTS['train']}")), None)


def _text(path: Path) -> str:
    """Return the first line of a transcript; empty where there is none."""
    lines = path.read_text("utf-8-sig", errors="replace").splitlines() if path.is_file() else []
    return lines[0].strip() if lines else ""
