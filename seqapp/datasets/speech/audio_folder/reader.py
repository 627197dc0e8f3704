"""Audio files, each with a text file of the same name beside it."""

import collections
from collections.abc import Iterator
from pathlib import Path

from seqapp.datasets.file_tree import files_below, id_of, log_unread
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import MAX_SECONDS, Audio
from seqapp.datasets.speech.utterance import SUFFIXES, read_utterance


def audio_files(folder: Path) -> list[Path]:
    """Return the files below a folder that are named like audio, sorted; hidden ones are left out."""
    return files_below(folder, SUFFIXES)


def read(
    folder: Path,
    skipped: Skipped,
    needs_text: bool = True,
    max_seconds: float | None = MAX_SECONDS,
    keeps_long: bool = False,
) -> Iterator[Audio]:
    """Read all audio below a folder, in sorted order.

    Args:
        folder: Audio files with a .txt in UTF-8 of the same name beside each, in subfolders by speaker or not.
        skipped: Receives audio without a transcript, and what cannot be used.
        needs_text: False: audio without a transcript has an empty text.
        max_seconds: Longest accepted; None: any.
        keeps_long: As of `read_utterance`.

    Yields:
        Audio; its id is the path below the folder, with the suffix where two files differ in it alone; its speaker the
        subfolder it lies in, hashed.
    """
    files = audio_files(folder)
    log_unread(folder, files, companions=(".txt",))
    counts = collections.Counter(id_of(file, folder) for file in files)
    for file in files:
        place = file.relative_to(folder)
        id = id_of(file, folder)
        if counts[id] > 1:
            id += file.suffix
        try:
            text = read_text(file)
        except ValueError as error:
            skipped.add(id, str(error))
            continue
        if text is None and needs_text:
            skipped.add(id, f"no transcript: expected {file.stem}.txt beside {file.name}")
            continue
        speaker_id = hashed_name("audio_folder", place.parent.as_posix() if len(place.parts) > 1 else "")
        bounds = {"max_seconds": max_seconds, "keeps_long": keeps_long}
        if audio := read_utterance(file, id, skipped, text or "", speaker_id, **bounds):
            yield audio


def read_text(file: Path) -> str | None:
    """Return the transcript beside an audio file, None where there is none; ValueError where it is not UTF-8."""
    path = next((path for path in (file.with_suffix(".txt"), file.with_suffix(".TXT")) if path.is_file()), None)
    try:
        return path.read_text("utf-8-sig") if path else None
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: {path.name}: {error}. Save the file in UTF-8.") from None
