"""TFDS builder of `ljspeech_layout`: LJSpeech itself, and the many corpora of one voice that copy its layout."""

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import find_source, open_root
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.ljspeech_layout.reader import SPOKEN, WRITTEN, find_root, read

ARCHIVE_NAMES = ("ljspeech", "kathleen")


@dataclasses.dataclass
class LjspeechLayoutConfig(tfds.core.BuilderConfig):
    """Which text is the transcript."""

    column: int = SPOKEN


class Builder(AudioBuilder):
    """Corpora in LJSpeech's layout, split by a fixed rule (see `splits`)."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give the folder that holds metadata.csv and wavs/, or an archive of it. LJSpeech itself:
    https://keithito.com/LJ-Speech-Dataset.
    """
    BUILDER_CONFIGS = [
        LjspeechLayoutConfig(name="spoken", description="Normalised texts: numbers spelt out."),
        LjspeechLayoutConfig(name="written", description="Texts as printed.", column=WRITTEN),
    ]

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the root of the corpus, or its archive; where neither is found, the whole folder."""
        return [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read metadata.csv once for each split."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        column = self.builder_config.column
        return {split: read(root, split, self.skipped, column) for split in ("train", "validation", "test")}
