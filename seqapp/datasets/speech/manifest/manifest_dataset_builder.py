"""TFDS builder of `manifest`: a corpus of the user's own, or one prepared for NeMo."""

from collections.abc import Iterable
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import inner_folder
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.manifest.reader import find_manifests, read


class Builder(AudioBuilder):
    """Manifests named after their splits."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.1.0": "Lists, channels, joined files, wrong sizes. Hidden folders are passed."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give the folder with the manifests train, validation (or dev) and test (.jsonl or .json; names such as
    train_manifest.json will do), each with lines {"audio_filepath": ..., "text": ..., "duration": ...}. Changes of
    audio files are seen where they lie in this folder.
    """

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read each split from the manifest named after it."""
        return {split: read(file, self.skipped) for split, file in find_manifests(inner_folder(manual_dir)).items()}
