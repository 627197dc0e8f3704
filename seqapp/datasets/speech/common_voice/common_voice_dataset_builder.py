"""TFDS builder of `common_voice`, for any language and release: TFDS's own knows one release, of 2020."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import find_source, open_root
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.common_voice.reader import FILES, find_root, read

ARCHIVE_NAMES = ("cv-corpus", "common_voice", "commonvoice")


class Builder(AudioBuilder):
    """One language of Common Voice with its official splits."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch a language of Common Voice (https://commonvoice.mozilla.org/datasets) and give the folder that holds clips/
    and train.tsv, dev.tsv, test.tsv, or its archive, or a folder with an archive named *cv-corpus*.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the folder of the language, or its archive; where neither is found, the whole folder."""
        return [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read each split from its list."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        return {split: read(root, split, self.skipped) for split in FILES}
