"""TFDS builder of `tfds:librispeech`, `tfds:speech_commands` and `tfds:spoken_digit`: TFDS's own corpora, in our form.

Their features have other names, rates and types in each; here they become the one form that the input pipeline reads.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import find_archive
from seqapp.datasets.speech.audio import Audio, check
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.tfds_speech.originals import ORIGINALS, Original

_ARCHIVE_NAMES = ("free-spoken-digit-dataset",)  # what TFDS takes from a folder of the user's instead of the network


class Builder(AudioBuilder):
    """Corpora of TFDS, which it must have prepared, or prepares on the way."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Give TFDS's data_dir (~/tensorflow_datasets) that holds the prepared corpus; or a folder where TFDS finds what it
    would download (for spoken_digit: free-spoken-digit-dataset-1.0.9.tar.gz); or an empty one, and TFDS downloads.
    """
    BUILDER_CONFIGS = [
        tfds.core.BuilderConfig(name=name, description=f"{name} as TFDS prepares it.") for name in ORIGINALS
    ]

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return what TFDS has prepared, else the archive that it would read; else the whole folder."""
        prepared = [manual_dir / name for name in ORIGINALS if (manual_dir / name).is_dir()]
        return prepared or [find_archive(manual_dir, _ARCHIVE_NAMES) or manual_dir]

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read every split of the original that is there."""
        name = self.builder_config.name
        builder = _original_builder(name, manual_dir, cache_dir.parent / "tfds")
        original = ORIGINALS[name]
        splits = {}
        for ours, theirs in original.splits.items():
            available = [split for split in theirs.split("+") if split in builder.info.splits]
            if available:
                splits[ours] = self._read(builder, original, ours, "+".join(available))
        return splits

    def _read(self, builder: tfds.core.DatasetBuilder, original: Original, ours: str, theirs: str) -> Iterator[Audio]:
        labels = builder.info.features["label"].names if "label" in builder.info.features else []
        rows = builder.as_dataset(split=theirs, shuffle_files=False).as_numpy_iterator()
        for number, row in enumerate(rows):
            if original.split_of is not None and original.split_of(row) != ours:
                continue
            place = f"{ours}/{number:06d}"
            try:
                audio = original.to_audio(row, place, labels)
            except ValueError as error:
                self.skipped.add(place, str(error))
                continue
            if reason := check(audio):
                self.skipped.add(audio.id, reason)
            else:
                yield audio


def _original_builder(name: str, manual_dir: Path, own_dir: Path) -> tfds.core.DatasetBuilder:
    """Return TFDS's builder of a corpus, its examples prepared: by the user in `manual_dir`, or now in `own_dir`."""
    builder = tfds.builder(name, data_dir=str(manual_dir))
    if builder.is_prepared():
        return builder
    builder = tfds.builder(name, data_dir=str(own_dir))
    config = tfds.download.DownloadConfig(manual_dir=str(manual_dir))
    try:
        builder.download_and_prepare(download_dir=str(own_dir / "downloads"), download_config=config)
    except ModuleNotFoundError as error:  # TFDS decodes with packages that it does not require
        raise ValueError(f"{name}: TFDS needs the package {error.name!r} to prepare it. pip install it.") from error
    return builder
