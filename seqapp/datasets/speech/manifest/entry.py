"""Manifest entries: one utterance per line."""

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seqapp.datasets.file_tree import readable
from seqapp.datasets.json_fields import text_field


@dataclasses.dataclass(frozen=True)
class Entry:
    """An utterance: where its audio lies, and what is known about it.

    Args:
        id: Name of the example.
        file: Audio file.
        text: Transcript.
        speaker: As written; empty when unknown.
        start_s: Where the utterance begins in the file, in seconds.
        end_s: Where it ends; None: where the file does.
        channel: Index of its channel, from 0; None when not stated.
    """

    id: str
    file: Path
    text: str
    speaker: str
    start_s: float
    end_s: float | None
    channel: int | None = None


def parse_entry(record: Any, number: int, folder: Path) -> Entry:
    """Read the object of one line.

    Args:
        record: {"audio_filepath", "text", "duration"} and optionally "offset", "speaker",
            "channel" (from 0) and "id"; times in seconds. The text may be called "transcript" or "sentence" too.
        number: Of the line, from 1: part of the id where the record has none.
        folder: Where relative paths start.

    Returns:
        The entry.

    Raises:
        ValueError: No such object, no numbers, or a text that is none.
    """
    if not isinstance(record, Mapping) or not record.get("audio_filepath"):
        raise ValueError('malformed: expected an object with "audio_filepath", "text" and "duration"')
    file = folder / Path(str(record["audio_filepath"])).expanduser()
    start_s = _seconds(record, "offset")
    duration_s = _seconds(record, "duration")
    return Entry(
        id=text_field(record, "id") or readable(f"{file.stem}-{number}"),
        file=file,
        text=text_field(record, "text", "transcript", "transcription", "sentence"),
        speaker=text_field(record, "speaker"),
        start_s=start_s or 0.0,
        # Without an offset the whole file is meant, and its duration is rounded: it would cut off the last samples.
        end_s=None if start_s is None or duration_s is None else start_s + duration_s,
        channel=_channel(record),
    )


def _channel(record: Mapping) -> int | None:
    value = record.get("channel")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"malformed: channel: expected a number from 0, received {value!r}")
    return value


def _seconds(record: Mapping, key: str) -> float | None:
    value = record.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(f"malformed: {key}: expected seconds, received {value!r}")
    return float(value)
