"""Speech from any file, folder or archive of a user's: the format is told by content."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from seqapp.datasets.archive import archives_in, is_archive, opened
from seqapp.datasets.file_tree import log_unread, readable
from seqapp.datasets.repeats import without_repeats
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import Audio, check
from seqapp.datasets.speech.audio_folder.reader import audio_files, read_text
from seqapp.datasets.speech.audio_folder.reader import read as read_audio_folder
from seqapp.datasets.speech.kaldi_directory.reader import is_kaldi_directory
from seqapp.datasets.speech.kaldi_directory.reader import read as read_kaldi_directory
from seqapp.datasets.speech.long_waveform import LongWaveform
from seqapp.datasets.speech.manifest.reader import SUFFIXES as MANIFEST_SUFFIXES
from seqapp.datasets.speech.manifest.reader import read as read_manifest
from seqapp.datasets.speech.waveform import FORMATS as FILE_FORMATS
from seqapp.datasets.speech.waveform import TooLong, read_waveform

FORMATS = (
    f"audio files ({FILE_FORMATS}), a folder of them, a Kaldi data directory (text and wav.scp), each also in a .tar, "
    ".tar.gz, .tar.xz or .zip archive; and a manifest (.jsonl) of audio files"
)


def read_audio(
    path: str | Path, skipped: Skipped, max_seconds: float | None = None, keeps_long: bool = False
) -> Iterator[Audio]:
    """Read speech of any supported format.

    Args:
        path: File, folder or archive.
        skipped: Receives what cannot be used of a folder, an archive or a manifest; and repeated ids.
        max_seconds: Longest accepted, asked of the header before anything is decoded; None: any. Audio is held in
            memory at 115 MB an hour.
        keeps_long: Whether what is longer is no error: its samples are a `LongWaveform`, decoded when it is needed.

    Yields:
        Audio; the text is that of a .txt of the same name beside the file (of a manifest or a Kaldi directory: theirs),
        else empty.

    Raises:
        ValueError: Nothing there, nothing supported in there, or a single file is broken or too long.
    """
    return without_repeats(_read(Path(path), skipped, max_seconds, keeps_long), skipped)


def _read(path: Path, skipped: Skipped, max_seconds: float | None, keeps_long: bool) -> Iterator[Audio]:
    if path.is_dir():
        yield from _read_folder(path, skipped, max_seconds, keeps_long)
    elif is_archive(path):
        with opened(path) as folder:
            for audio in _read_folder(folder, skipped, max_seconds, keeps_long):
                is_long = isinstance(audio.samples, LongWaveform)  # its file is removed with the folder
                yield dataclasses.replace(audio, samples=audio.samples.kept()) if is_long else audio
    elif not path.is_file():
        raise ValueError(f"{path}: expected a file, folder or archive of audio, found nothing. Check the path.")
    elif path.suffix.lower() in MANIFEST_SUFFIXES:
        yield from read_manifest(path, skipped, max_seconds, keeps_long)
    else:
        yield _read_file(path, max_seconds, keeps_long)


def _read_folder(folder: Path, skipped: Skipped, max_seconds: float | None, keeps_long: bool) -> Iterator[Audio]:
    bounds = {"max_seconds": max_seconds, "keeps_long": keeps_long}
    if is_kaldi_directory(folder):
        yield from read_kaldi_directory(folder, skipped, **bounds)
    elif audio_files(folder):
        yield from read_audio_folder(folder, skipped, needs_text=False, **bounds)
    else:
        log_unread(folder, ())
        packed = ", ".join(path.name for path in archives_in(folder))
        remedy = f" Give one of the archives in there by its name: {packed}." if packed else ""
        raise ValueError(f"{folder}: no audio in there.{remedy} Supported: {FORMATS}.")


def _read_file(path: Path, max_seconds: float | None, keeps_long: bool) -> Audio:
    text = " ".join((read_text(path) or "").split())
    try:
        samples = read_waveform(path, max_seconds=max_seconds)
    except TooLong:
        if not keeps_long:
            raise
        return Audio(readable(path.stem), LongWaveform(path), text=text)
    audio = Audio(readable(path.stem), samples, text=text)
    if reason := check(audio, max_seconds or float("inf")):
        raise ValueError(f"{path}: {reason}")
    return audio
