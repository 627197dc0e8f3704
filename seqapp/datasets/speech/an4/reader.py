"""Utterances of CMU AN4 as it is distributed: lists and transcripts under etc/, audio under wav/."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from seqapp.datasets.distribution import below
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.utterance import read_utterance

SUFFIXES = (".flac", ".wav", ".sph")
_TRANSCRIPT = re.compile(r"(?:<s>\s*)?(.*?)\s*(?:</s>)?\s*\((\S+)\)")


def find_root(folder: Path) -> Path | None:
    """Return the folder that holds etc/ and wav/: `folder` or one up to two levels below; else None."""
    return next((path.parents[1] for path in below(folder, "etc/an4_train.fileids")), None)


def transcripts(root: Path, subset: str) -> dict[str, str]:
    """Read the list of a subset.

    Args:
        root: Folder that holds etc/ and wav/.
        subset: "train" or "test".

    Returns:
        {path below wav/ without suffix: transcript}, in the list's order. Single letters are spelled letters.

    Raises:
        ValueError: A list is missing or malformed, or the two of a subset disagree.
    """
    paths = _lines(root / "etc" / f"an4_{subset}.fileids")
    lines = _lines(root / "etc" / f"an4_{subset}.transcription")
    if len(paths) != len(lines):
        raise ValueError(f"an4_{subset}: {len(paths)} file ids, but {len(lines)} transcripts. Download AN4 again.")
    return {path: _text(path, line) for path, line in zip(paths, lines)}


def read(root: Path, texts: dict[str, str], paths: Sequence[str], skipped: Skipped) -> Iterator[Audio]:
    """Read utterances.

    Args:
        root: Folder that holds etc/ and wav/.
        texts: From `transcripts`.
        paths: Which of them, in this order.
        skipped: Receives what cannot be used.

    Yields:
        Audio; its id is the file's name, its speaker the folder's, hashed.
    """
    for path in paths:
        *_, speaker, id = path.split("/")
        speaker_id = hashed_name("an4", speaker)
        if audio := read_utterance(_file(root / "wav" / path), id, skipped, texts[path], speaker_id):
            yield audio


def _file(path: Path) -> Path:
    candidates = [path.with_name(path.name + suffix) for suffix in SUFFIXES]
    return next((file for file in candidates if file.is_file()), candidates[0])


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise ValueError(f"{path}: expected a list of AN4, found nothing. Give the folder that holds etc/ and wav/.")
    return [line.strip() for line in path.read_text("latin-1").split("\n") if line.strip()]


def _text(path: str, line: str) -> str:
    match = _TRANSCRIPT.fullmatch(line)
    if not match or match.group(2) != path.split("/")[-1]:
        raise ValueError(f"an4: expected a transcript of {path!r}, received {line!r}. Download AN4 again.")
    return match.group(1)
