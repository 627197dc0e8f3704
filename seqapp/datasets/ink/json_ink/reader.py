"""JSON ink files: one object, a list of objects, or one object per line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seqapp.datasets.file_tree import files_below, id_of, log_unread, readable
from seqapp.datasets.ink.ink import Ink, check
from seqapp.datasets.ink.json_ink.record import is_one_ink, to_ink
from seqapp.datasets.skipped import Skipped

SUFFIXES = (".json", ".jsonl", ".ndjson")


def read(path: str | Path, skipped: Skipped) -> Iterator[Ink]:
    """Read a file, or all .json, .jsonl and .ndjson files below a folder in sorted order.

    Args:
        path: File or folder.
        skipped: Receives unusable inks and malformed objects; of a folder also broken files.

    Yields:
        Inks. One without an "id" is named after its file, with its number if the file holds several.

    Raises:
        ValueError: A single file is no JSON, or not in UTF-8.
    """
    path = Path(path)
    if path.is_file():
        yield from _file_inks(path, readable(path.stem), skipped)
        return
    files = files_below(path, SUFFIXES)
    log_unread(path, files)
    for file in files:
        id = id_of(file, path)
        try:
            yield from _file_inks(file, id, skipped)
        except ValueError as error:
            skipped.add(id, str(error))


def _file_inks(path: Path, id: str, skipped: Skipped) -> Iterator[Ink]:
    records = _records(path, id, skipped)
    for number, record in enumerate(records):
        default_id = id if len(records) == 1 else f"{id}/{number}"
        try:
            ink = to_ink(record, default_id)
        except ValueError as error:
            skipped.add(default_id, f"malformed: {error}")
            continue
        reason = check(ink)
        if reason:
            skipped.add(ink.id, reason)
        else:
            yield ink


def _records(path: Path, id: str, skipped: Skipped) -> list[Any]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: {path.name}: {error}. Save the file in UTF-8.") from None
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as whole:
        records, broken = _lines(text)
        if not any(isinstance(record, dict) for record in records):
            raise ValueError(f"broken JSON: {path.name}: {whole}. Expected an object, a list or JSON lines.") from None
        for number, error in broken:
            skipped.add(f"{id}:{number}", f"broken JSON: line {number}: {error}")
        return records
    if isinstance(content, list):
        return [{"strokes": content}] if is_one_ink(content) else content
    return [content]


def _lines(text: str) -> tuple[list[Any], list[tuple[int, str]]]:
    """Return the records of JSON lines, and (number, error) of each line that is none."""
    records = []
    broken = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            records.append(json.loads(line))
        except (json.JSONDecodeError, RecursionError) as error:  # nested thousands deep
            broken.append((number, str(error)))
    return records, broken
