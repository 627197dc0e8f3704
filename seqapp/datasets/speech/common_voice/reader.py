"""Utterances of one language of Common Voice, of any release."""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

from seqapp.datasets.distribution import below
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.utterance import read_utterance

VALIDATED = "validated.tsv"  # all that a delta release has: split by a hash of the speaker
_TENTHS = {0: "test", 1: "validation"}
FILES = {"train": "train.tsv", "validation": "dev.tsv", "test": "test.tsv"}
_COLUMNS = ("client_id", "path", "sentence")


def languages(folder: Path) -> list[Path]:
    """Return the folders of languages (clips/ beside lists) at or up to two levels below a folder."""
    lists = (path for name in (*FILES.values(), VALIDATED) for path in below(folder, name))
    return sorted({path.parent for path in lists if (path.parent / "clips").is_dir()})


def find_root(folder: Path) -> Path | None:
    """Return the folder of the one language that is there; None where there is none.

    Raises:
        ValueError: Several languages.
    """
    folders = languages(folder)
    if len(folders) > 1:
        names = ", ".join(path.name for path in folders)
        raise ValueError(f"{folder}: expected one language of Common Voice, found {names}. Give the folder of one.")
    return folders[0] if folders else None


def read(root: Path, split: str, skipped: Skipped) -> Iterator[Audio]:
    """Read one split, in the list's order.

    Args:
        root: Holds clips/ and train.tsv, dev.tsv, test.tsv; or only validated.tsv, as delta releases do.
        split: "train", "validation" or "test".
        skipped: Receives what cannot be used.

    Yields:
        Audio; its id is the clip's name.

    Raises:
        ValueError: The list lacks a column.
    """
    has_lists = any((root / name).is_file() for name in FILES.values())
    path = root / (FILES[split] if has_lists else VALIDATED)
    if not path.is_file():
        return
    with open(path, encoding="utf-8-sig", newline="") as file:
        # Never quoted: a sentence may begin with a quotation mark that nothing closes.
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := set(_COLUMNS) - set(rows.fieldnames or ()):
            raise ValueError(f"{path}: expected columns {', '.join(_COLUMNS)}, found no {', '.join(sorted(missing))}.")
        for row in rows:
            if (has_lists or _split_of(row) == split) and (audio := _read(root, row, skipped)):
                yield audio


def _split_of(row: dict[str, str | None]) -> str:
    tenth = int(hashlib.sha1((row["client_id"] or "").encode()).hexdigest(), 16) % 10
    return _TENTHS.get(tenth, "train")


def _read(root: Path, row: dict[str, str | None], skipped: Skipped) -> Audio | None:
    speaker, name, sentence = (row[column] or "" for column in _COLUMNS)
    file = root / "clips" / name
    if name and not file.suffix:
        file = file.with_suffix(".mp3")  # releases before 2019 leave it away
    return read_utterance(file, file.stem, skipped, sentence, hashed_name("common_voice", speaker))
