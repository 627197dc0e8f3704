"""TFDS builder of `json_ink`: a corpus of the user's own."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.archive import is_archive, unpack
from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.ink_builder import InkBuilder
from seqapp.datasets.ink.json_ink.reader import read
from seqapp.datasets.split_folders import find_splits


class Builder(InkBuilder):
    """JSON ink files in folders named after their splits."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.1.0": "Clocks of any unit, cut lines, other forms. Hidden folders are passed."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give a folder with .json, .jsonl or .ndjson files, in subfolders train, validation and test (or archives
    or files of these names); without such names everything is in train.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return what is named after the splits."""
        return list(find_splits(manual_dir).values())

    def inks(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Ink]]:
        """Read each split from what is named after it."""
        paths = find_splits(manual_dir)
        for split, path in paths.items():
            paths[split] = unpack(path, cache_dir) if is_archive(path) else path
        return {split: read(path, self.skipped) for split, path in paths.items()}
