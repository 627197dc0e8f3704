"""TFDS builder of `line_pairs`: a corpus of the user's own."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.archive import is_archive, unpack
from seqapp.datasets.distribution import inner_folder
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.line_pairs.reader import read
from seqapp.datasets.split_folders import find_splits


class Builder(LineBuilder):
    """Line images and text files in folders named after their splits."""

    VERSION = tfds.core.Version("1.2.0")
    RELEASE_NOTES = {
        "1.1.0": "One version of each line, negatives. Hidden folders are passed.",
        "1.2.0": "What the lines above and below reach into a picture is taken out.",
    }
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give a folder with images of lines, each with its transcript beside it (x.png and x.gt.txt, or x.txt), in
    subfolders (or archives) train, validation and test; without such names everything is in train.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return what is named after the splits."""
        return list(find_splits(inner_folder(manual_dir)).values())

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read each split from what is named after it."""
        paths = find_splits(inner_folder(manual_dir))
        folders = {split: unpack(path, cache_dir) if is_archive(path) else path for split, path in paths.items()}
        return {split: read(folder, self.skipped) for split, folder in folders.items()}
