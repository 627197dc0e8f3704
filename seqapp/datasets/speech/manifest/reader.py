"""Utterances of manifests: JSON lines, or a list, of {"audio_filepath", "text", "duration"}."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seqapp.datasets.file_tree import is_hidden
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import MAX_SECONDS, Audio
from seqapp.datasets.speech.manifest.entry import Entry, parse_entry
from seqapp.datasets.speech.utterance import read_utterance
from seqapp.datasets.split_folders import NAMES

SUFFIXES = (".json", ".jsonl", ".ndjson")


def find_manifests(folder: Path) -> dict[str, Path]:
    """Find the manifests of splits.

    Args:
        folder: Holds train.jsonl, validation.jsonl and test.jsonl, or names such as dev_manifest.json.

    Returns:
        {split: file}. A single manifest of another name is "train".

    Raises:
        ValueError: No manifest, two of one split, or several of other names.
    """
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES and not is_hidden(file, folder))
    manifests: dict[str, Path] = {}
    for file in files:
        split = split_of(file)
        if split in manifests:
            names = f"{manifests[split].name} and {file.name}"
            raise ValueError(f"{folder}: {names} both name the split {split!r}. Keep one.")
        if split:
            manifests[split] = file
    if not manifests and len(files) != 1:
        names = ", ".join(file.name for file in files) or "none"
        raise ValueError(f"{folder}: expected manifests named train, validation and test (.jsonl), found {names}.")
    return manifests or {"train": files[0]}


def read(
    manifest: Path, skipped: Skipped, max_seconds: float | None = MAX_SECONDS, keeps_long: bool = False
) -> Iterator[Audio]:
    """Read a manifest, utterances in its order.

    Args:
        manifest: JSON lines, or a list of objects. Relative audio paths start where it lies.
        skipped: Receives malformed lines, and what cannot be used.
        max_seconds: Longest accepted utterance; None: any.
        keeps_long: As of `read_utterance`.

    Yields:
        Audio; one without an "id" is named after its file and line.

    Raises:
        ValueError: Not UTF-8.
    """
    for number, record in _records(_text(manifest)):
        try:
            entry = parse_entry(_json(record) if isinstance(record, str) else record, number, manifest.parent)
        except ValueError as error:
            skipped.add(f"{manifest.name}:{number}", str(error))
            continue
        if audio := _read(entry, skipped, max_seconds, keeps_long):
            yield audio


def _read(entry: Entry, skipped: Skipped, max_seconds: float | None, keeps_long: bool) -> Audio | None:
    speaker_id = hashed_name("manifest", entry.speaker)
    part = entry.start_s, entry.end_s, max_seconds, entry.channel, keeps_long
    return read_utterance(entry.file, entry.id, skipped, entry.text, speaker_id, *part)


def split_of(file: Path) -> str | None:
    """Return the split that a word in a file's name is, such as dev_manifest.json; None for none or several."""
    words = file.name.lower().replace("-", "_").replace(".", "_").split("_")
    splits = [split for split, names in NAMES.items() if any(word in names for word in words)]
    return splits[0] if len(splits) == 1 else None


def _json(line: str) -> object:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:  # nested thousands deep
        raise ValueError(f"malformed: no JSON: {error}") from None


def _records(text: str) -> Iterator[tuple[int, Any]]:
    """Yield (number, record) of a list of objects, or (number, line) of JSON lines, numbers from 1."""
    if text.lstrip().startswith("["):
        try:
            content = json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            content = None  # lists line by line, or a list that is cut: each line stands for itself
        if isinstance(content, list) and any(isinstance(record, dict) for record in content):
            yield from enumerate(content, 1)
            return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() not in ("", "[", "]"):
            yield number, line.strip().rstrip(",") if text.lstrip().startswith("[") else line


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8: {error}. Save the file in UTF-8.") from None
