"""TFDS builder of `speechocean762`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import below, find_source, open_root
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.kaldi_directory.reader import read, speakers_of

ARCHIVE_NAMES = ("speechocean",)
EVERY = 10  # one speaker of this many of train is validation


def find_root(folder: Path) -> Path | None:
    """Return the folder that holds train/, test/ and WAVE/; else None."""
    roots = (path.parents[1] for path in below(folder, "train/wav.scp"))
    return next((root for root in roots if (root / "test" / "wav.scp").is_file() and (root / "WAVE").is_dir()), None)


def validation_speakers(speakers: Iterable[str]) -> set[str]:
    """Return every tenth of the speakers in sorted order: the 10th, the 20th ..."""
    return set(sorted(set(speakers))[EVERY - 1 :: EVERY])


class Builder(AudioBuilder):
    """speechocean762 with its official test set; validation has speakers of its own."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch speechocean762 (https://www.openslr.org/101) and give the folder that holds train/, test/ and WAVE/, or
    the archive, or a folder with an archive named *speechocean*.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the root of the corpus, or its archive; where neither is found, the whole folder."""
        return [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read the two Kaldi directories; train is divided by speaker."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        speakers = speakers_of(root / "train")
        held_out = validation_speakers(speakers.values())
        validation = {id for id, speaker in speakers.items() if speaker in held_out}
        return {
            "train": self._read(root / "train", set(speakers) - validation),
            "validation": self._read(root / "train", validation),
            "test": self._read(root / "test"),
        }

    def _read(self, directory: Path, ids: set[str] | None = None) -> Iterable[Audio]:
        return read(directory, self.skipped, corpus="speechocean762", ids=ids)
