"""Utterances of a corpus in LJSpeech's layout."""

from collections.abc import Iterator
from pathlib import Path

from seqapp.datasets.distribution import below
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.ljspeech_layout.splits import split as split_of
from seqapp.datasets.speech.utterance import SUFFIXES, read_utterance

WRITTEN, SPOKEN = 1, 2  # columns of metadata.csv: the text as printed, and with numbers and abbreviations spelt out


def find_root(folder: Path) -> Path | None:
    """Return the folder that holds metadata.csv and wavs/: `folder` or one up to two levels below; else None."""
    return next((path.parent for path in below(folder, "metadata.csv") if (path.parent / "wavs").is_dir()), None)


def read(root: Path, split: str, skipped: Skipped, column: int = SPOKEN) -> Iterator[Audio]:
    """Read one split, in the order of metadata.csv.

    Args:
        root: Holds metadata.csv (id|text or id|text|normalised text, never quoted) and wavs/, with files of any
            audio format.
        split: "train", "validation" or "test".
        skipped: Receives what cannot be used.
        column: Which text: `WRITTEN`, or `SPOKEN` (where there is no such column, or it is empty, the one before it).

    Yields:
        Audio. All of one corpus has one speaker: the folder's name, hashed.

    Raises:
        ValueError: metadata.csv is not in UTF-8.
    """
    speaker_id = hashed_name("ljspeech_layout", root.resolve().name)
    for number, line in enumerate(_lines(root / "metadata.csv"), 1):
        id, *texts = line.split("|")
        if split_of(id) != split:
            continue
        if not texts:
            skipped.add(id, f"malformed: line {number} of metadata.csv: expected id|text, received {line[:80]!r}")
            continue
        text = next((text for text in reversed(texts[:column]) if text.strip()), "")
        if audio := read_utterance(_file(root / "wavs", id), id, skipped, text, speaker_id):
            yield audio


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text("utf-8-sig").split("\n") if line.strip()]
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8: {error}. Save the file in UTF-8.") from None


def _file(folder: Path, id: str) -> Path:
    candidates = [folder / f"{id}{suffix}" for suffix in ("", *SUFFIXES)]
    return next((file for file in candidates if file.is_file()), folder / f"{id}.wav")
