"""TFDS builder of `an4`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import find_source, open_root
from seqapp.datasets.speech.an4.reader import find_root, read, transcripts
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder

NUM_VALIDATION = 100  # the first utterances of train in sorted order, as ESPnet's recipe takes them
ARCHIVE_NAMES = ("an4",)


class Builder(AudioBuilder):
    """AN4 with its official test set."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch AN4 (http://www.speech.cs.cmu.edu/databases/an4, an4_sphere.tar.gz) and give the folder that holds etc/
    and wav/, or the archive, or a folder with an archive named *an4*. Headerless files (.raw) are not read.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the root of AN4, or its archive; where neither is found, the whole folder."""
        return [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read the official lists; validation is cut from the front of train."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        train = transcripts(root, "train")
        test = transcripts(root, "test")
        ordered = sorted(train)
        return {
            "train": read(root, train, ordered[NUM_VALIDATION:], self.skipped),
            "validation": read(root, train, ordered[:NUM_VALIDATION], self.skipped),
            "test": read(root, test, list(test), self.skipped),
        }
