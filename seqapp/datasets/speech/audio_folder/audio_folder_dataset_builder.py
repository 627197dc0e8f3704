"""TFDS builder of `audio_folder`: a corpus of the user's own."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.archive import is_archive, unpack
from seqapp.datasets.distribution import inner_folder
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.audio_folder.reader import read
from seqapp.datasets.split_folders import find_splits


class Builder(AudioBuilder):
    """Audio and text files in folders named after their splits."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.1.0": "Joined files, wrong sizes, channels. Hidden folders are passed."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give a folder with audio files, each with a .txt of the same name beside it, in subfolders train, validation and
    test (or archives of these names); without such names everything is in train.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return what is named after the splits."""
        return list(find_splits(inner_folder(manual_dir)).values())

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read each split from what is named after it."""
        paths = find_splits(inner_folder(manual_dir))
        for split, path in paths.items():
            paths[split] = unpack(path, cache_dir) if is_archive(path) else path
        return {split: read(path, self.skipped) for split, path in paths.items()}
