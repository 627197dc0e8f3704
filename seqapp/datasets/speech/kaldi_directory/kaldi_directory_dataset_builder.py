"""TFDS builder of `kaldi_directory`: whatever was prepared for Kaldi, ESPnet, icefall or WeNet."""

from collections.abc import Iterable
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.archive import is_archive, unpack
from seqapp.datasets.distribution import inner_folder
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.kaldi_directory.reader import is_kaldi_directory, read
from seqapp.datasets.split_folders import find_splits


class Builder(AudioBuilder):
    """Kaldi data directories in folders named after their splits."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.1.0": "Channels, commands of one file. Hidden folders are passed."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give the folder that holds the Kaldi data directories train, dev (or validation) and test, each with text and
    wav.scp and optionally utt2spk and segments; or one such directory, which is all train then.
    """

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read each split from the directory named after it."""
        folder = inner_folder(manual_dir)
        paths = {"train": folder} if is_kaldi_directory(folder) else find_splits(folder)
        for split, path in paths.items():
            paths[split] = unpack(path, cache_dir) if is_archive(path) else path
        return {split: read(path, self.skipped) for split, path in paths.items()}
