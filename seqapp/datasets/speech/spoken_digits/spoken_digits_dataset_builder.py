"""TFDS builder of `spoken_digits`: single takes, strings of them, and speakers left out in turn."""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import find_source, open_root
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.audio_builder import AudioBuilder
from seqapp.datasets.speech.spoken_digits.strings import join_strings
from seqapp.datasets.speech.spoken_digits.takes import WORDS, Take, find_root, find_takes, split
from seqapp.datasets.speech.utterance import read_utterance

ARCHIVE_NAMES = ("spoken-digit", "spoken_digit", "fsdd")
SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")  # lucas from version 1.0.10 on


@dataclasses.dataclass
class SpokenDigitsConfig(tfds.core.BuilderConfig):
    """What an example is, and who is tested."""

    strings: bool = False  # False: single takes
    leave_out: str = ""  # speaker who alone is the test set; "": the official takes of everybody


class Builder(AudioBuilder):
    """Free Spoken Digit Dataset; validation is takes 5-9."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch the Free Spoken Digit Dataset (https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.9.tar.gz)
    and give the folder that holds recordings/, or the archive, or a folder with an archive named *spoken-digit*.
    """
    BUILDER_CONFIGS = [
        SpokenDigitsConfig(name="takes", description="Single digits."),
        SpokenDigitsConfig(name="strings", description="Strings of one to seven digits.", strings=True),
        *(
            SpokenDigitsConfig(name=f"leave_out_{speaker}", description="One speaker tested.", leave_out=speaker)
            for speaker in SPEAKERS
        ),
        *(
            SpokenDigitsConfig(
                name=f"strings_leave_out_{speaker}",
                description="One speaker tested on strings.",
                strings=True,
                leave_out=speaker,
            )
            for speaker in SPEAKERS
        ),
    ]

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return recordings/, or the archive of it; where neither is found, the whole folder."""
        place = find_source(manual_dir, find_root, ARCHIVE_NAMES)
        return [place / "recordings" if (place / "recordings").is_dir() else place]

    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Read the takes of each split, and joins them where the config says so."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        takes = find_takes(root)
        leave_out = self.builder_config.leave_out
        speakers = sorted({take.speaker for take in takes})
        if leave_out and leave_out not in speakers:
            raise ValueError(f"leave_out: expected one of {', '.join(speakers)}, received {leave_out!r}")
        make = self._strings if self.builder_config.strings else self._takes
        return {
            name: make([take for take in takes if split(take, leave_out) == name], name)
            for name in ("train", "validation", "test")
        }

    def _takes(self, takes: Sequence[Take], name: str) -> Iterator[Audio]:
        for take in takes:
            if audio := read_utterance(take.file, take.id, self.skipped, WORDS[take.digit], take.speaker_id):
                yield audio

    def _strings(self, takes: Sequence[Take], name: str) -> Iterator[Audio]:
        for _, of_speaker in itertools.groupby(takes, key=lambda take: take.speaker):
            yield from join_strings(list(self._takes(list(of_speaker), name)), name)
