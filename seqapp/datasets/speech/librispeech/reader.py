"""Utterances of LibriSpeech and of mini LibriSpeech, from whatever subsets the user has."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from seqapp.datasets.archive import archives_in, unpack
from seqapp.datasets.distribution import below
from seqapp.datasets.file_tree import is_hidden
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.utterance import read_utterance

SUBSETS = (
    "train-clean-100", "train-clean-360", "train-other-500", "dev-clean", "dev-other", "test-clean", "test-other",
    "train-clean-5", "dev-clean-2",
)  # fmt: skip


def find_subsets(folder: Path, names: Sequence[str], cache_dir: Path) -> dict[str, Path]:
    """Find subsets, unpacked or packed as they are downloaded.

    Args:
        folder: LibriSpeech/, or a folder around it, or one that holds its archives; or a subset itself.
        names: Of `SUBSETS`.
        cache_dir: Where archives may be unpacked.

    Returns:
        {subset: folder}, of those that are there.
    """
    folders = {}
    for subset in names:
        place = find_subset(folder, subset)
        if place and place.is_file():
            place = _folder_of(unpack(place, cache_dir), subset)
        if place:
            folders[subset] = place
    return folders


def find_subset(folder: Path, subset: str) -> Path | None:
    """Return a subset's folder, else its archive, else None."""
    archives = (path for path in archives_in(folder) if path.name.split(".")[0] == subset)
    return _folder_of(folder, subset) or next(archives, None)


def read(subset: Path, skipped: Skipped) -> Iterator[Audio]:
    """Read a subset, chapter by chapter in sorted order.

    Args:
        subset: Folder such as LibriSpeech/dev-clean.
        skipped: Receives what cannot be used.

    Yields:
        Audio; transcripts are in capitals without punctuation.
    """
    for path in sorted(subset.glob("*/*/*.trans.txt")):
        if is_hidden(path, subset):
            continue
        speaker_id = hashed_name("librispeech", path.parts[-3])
        for line in path.read_text("utf-8").splitlines():
            id, _, text = line.partition(" ")
            if id and (audio := read_utterance(_file(path.parent, id), id, skipped, text, speaker_id)):
                yield audio


def _file(folder: Path, id: str) -> Path:
    wav = folder / f"{id}.wav"  # some convert
    return wav if wav.is_file() else folder / f"{id}.flac"


def _folder_of(folder: Path, subset: str) -> Path | None:
    if folder.name == subset:
        return folder
    return next((path for path in below(folder, subset) if path.is_dir()), None)
