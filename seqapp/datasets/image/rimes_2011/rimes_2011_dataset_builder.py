"""TFDS builder of `rimes_2011`."""

from collections.abc import Iterable
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import below
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.page_reading import read_page_files
from seqapp.datasets.image.rimes_2011.reader import page_files

TRAINING, EVALUATION = "training_2011.xml", "eval_2011_annotated.xml"
VALIDATION_SHARE = 10  # one page of so many, from the front


class Builder(LineBuilder):
    """RIMES 2011 with its official test set; validation is cut from the front of its training pages."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch RIMES (https://zenodo.org/records/10812725) and give the folder that holds training_2011.xml and
    eval_2011_annotated.xml, unpacked, with training_2011/images/ and eval_2011/images/ beside them.
    """

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read the pages of each part."""
        training = page_files(_list(manual_dir, TRAINING))
        evaluation = page_files(_list(manual_dir, EVALUATION))
        count = -(-len(training) // VALIDATION_SHARE)
        pages = {"train": training[count:], "validation": training[:count], "test": evaluation}
        return {split: read_page_files(files, self.skipped) for split, files in pages.items()}


def _list(folder: Path, name: str) -> Path:
    path = next(iter(below(folder, name)), None)
    if path is None:
        raise ValueError(f"{folder}: expected {name}, found none. {Builder.MANUAL_DOWNLOAD_INSTRUCTIONS.strip()}")
    return path
