"""TFDS builder of `librispeech`, which reads only the subsets it needs: TFDS's own fetches all sixty gigabytes."""

import dataclasses
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.librispeech.reader import find_subset, find_subsets, read

logger = logging.getLogger(__name__)

_OFFICIAL = (
    ("validation", ("dev-clean",)),
    ("test", ("test-clean",)),
    ("validation_other", ("dev-other",)),
    ("test_other", ("test-other",)),
)


@dataclasses.dataclass
class LibrispeechConfig(tfds.core.BuilderConfig):
    """Which subsets make up which split."""

    train: tuple[str, ...] = ()
    others: tuple[tuple[str, tuple[str, ...]], ...] = _OFFICIAL

    @property
    def splits(self) -> dict[str, tuple[str, ...]]:
        """Subsets by split."""
        return {"train": self.train, **dict(self.others)}


class Builder(AudioBuilder):
    """LibriSpeech; a subset that is not there is left out, with its split."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch the subsets you need (https://www.openslr.org/12; mini: https://www.openslr.org/31) and give the folder that
    holds them, packed or unpacked: train-clean-100, dev-clean, test-clean ...
    """
    BUILDER_CONFIGS = [
        LibrispeechConfig(name="clean_100", description="Train on 100 hours.", train=("train-clean-100",)),
        LibrispeechConfig(
            name="clean_460", description="Train on 460 hours.", train=("train-clean-100", "train-clean-360")
        ),
        LibrispeechConfig(
            name="all_960",
            description="Train on 960 hours.",
            train=("train-clean-100", "train-clean-360", "train-other-500"),
        ),
        LibrispeechConfig(
            name="mini",
            description="Mini LibriSpeech: train on 5 hours; no test set.",
            train=("train-clean-5",),
            others=(("validation", ("dev-clean-2",)),),
        ),
    ]

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the subsets that are there, of whatever config; where there is none, the whole folder."""
        subsets = {subset for config in cls.BUILDER_CONFIGS for used in config.splits.values() for subset in used}
        places = (find_subset(manual_dir, subset) for subset in sorted(subsets))
        return [place for place in places if place] or [manual_dir]

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read the config's subsets."""
        splits = self.builder_config.splits
        folders = {split: find_subsets(manual_dir, subsets, cache_dir) for split, subsets in splits.items()}
        if not any(folders.values()):
            remedy = self.MANUAL_DOWNLOAD_INSTRUCTIONS.strip()
            raise ValueError(f"{manual_dir}: no subset of {self.builder_config.name} in there. {remedy}")
        for split, subsets in splits.items():
            if missing := set(subsets) - set(folders[split]):
                logger.warning("%s: %s is without %s", self.info.full_name, split, ", ".join(sorted(missing)))
        return {split: self._read(subsets) for split, subsets in folders.items() if subsets}

    def _read(self, subsets: dict[str, Path]) -> Iterable[Audio]:
        for folder in subsets.values():
            yield from read(folder, self.skipped)
