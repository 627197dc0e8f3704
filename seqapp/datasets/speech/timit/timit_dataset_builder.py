"""TFDS builder of `timit`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import find_source, open_root
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.timit.reader import find_root, read

ARCHIVE_NAMES = ("timit",)


class Builder(AudioBuilder):
    """TIMIT with the usual sets: SA sentences left out, 50 speakers of validation, the core test set of 24."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    TIMIT is licensed by the LDC (https://catalog.ldc.upenn.edu/LDC93S1). Give the folder that holds TRAIN/ and TEST/,
    or an archive of it, or a folder with an archive named *timit*.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the root of the corpus, or its archive; where neither is found, the whole folder."""
        return [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read each split by its list of speakers."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        return {split: read(root, split, self.skipped) for split in ("train", "validation", "test")}
