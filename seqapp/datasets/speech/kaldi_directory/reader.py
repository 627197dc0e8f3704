"""Utterances of one Kaldi data directory."""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import MAX_SECONDS, Audio
from seqapp.datasets.speech.kaldi_directory.recording import channel_of_command, find_recording
from seqapp.datasets.speech.kaldi_directory.table import read_table
from seqapp.datasets.speech.utterance import read_utterance

_CHANNELS = "ABCDEFGH"
Span = tuple[str, float, float | None]  # recording, and seconds where the utterance begins and ends


def is_kaldi_directory(folder: Path) -> bool:
    """Return whether a folder holds text and wav.scp."""
    return (folder / "text").is_file() and (folder / "wav.scp").is_file()


def read(
    directory: Path,
    skipped: Skipped,
    corpus: str = "kaldi_directory",
    ids: Container[str] | None = None,
    max_seconds: float | None = MAX_SECONDS,
    keeps_long: bool = False,
) -> Iterator[Audio]:
    """Read a Kaldi data directory, utterances in the order of text.

    Args:
        directory: Holds text and wav.scp, optionally utt2spk, segments and reco2file_and_channel.
        skipped: Receives utterances without audio, and what cannot be decoded.
        corpus: Name that speakers are hashed with.
        ids: Utterances to read; None: all.
        max_seconds: Longest accepted utterance; None: any.
        keeps_long: As of `read_utterance`.

    Yields:
        Audio, transcripts as they are written; an empty one is kept.

    Raises:
        ValueError: A table is missing or malformed.
    """
    if not is_kaldi_directory(directory):
        raise ValueError(f"{directory}: expected the files text and wav.scp of a Kaldi data directory.")
    texts, recordings = read_table(directory / "text"), read_table(directory / "wav.scp")
    speakers = speakers_of(directory)
    spans = _spans(directory)
    channels = channels_of(directory)
    for id in texts if ids is None else (id for id in texts if id in ids):
        try:
            name, start_s, end_s = (id, 0.0, None) if spans is None else _span(spans.get(id, ""))
            file = find_recording(_entry(recordings, name), directory)
            channel = channels.get(name, channel_of_command(recordings[name]))
        except ValueError as error:
            skipped.add(id, str(error))
            continue
        part = start_s, end_s, max_seconds, channel, keeps_long
        if audio := read_utterance(file, id, skipped, texts[id], hashed_name(corpus, speakers.get(id, "")), *part):
            yield audio


def speakers_of(directory: Path) -> dict[str, str]:
    """Return {utterance: speaker as written} of utt2spk; empty where there is none."""
    path = directory / "utt2spk"
    return read_table(path) if path.is_file() else {}


def channels_of(directory: Path) -> dict[str, int]:
    """Return {recording: index of its channel} of reco2file_and_channel; empty where there is none.

    Raises:
        ValueError: A channel that is neither a letter nor a number.
    """
    path = directory / "reco2file_and_channel"
    rows = read_table(path) if path.is_file() else {}
    return {recording: _channel(path, row.split()[-1] if row else "") for recording, row in rows.items()}


def _channel(path: Path, name: str) -> int:
    """Return the index of a channel: A and 1 are the first."""
    if len(name) == 1 and name.upper() in _CHANNELS:
        return _CHANNELS.index(name.upper())
    if name.isdecimal() and int(name) > 0:
        return int(name) - 1
    raise ValueError(f"{path}: expected 'recording file channel' with channel A or B, received {name!r}")


def _spans(directory: Path) -> dict[str, str] | None:
    """Read the table segments; None where utterances are whole recordings."""
    path = directory / "segments"
    return read_table(path) if path.is_file() else None


def _span(line: str) -> Span:
    try:
        recording, start, end = line.split()[:3]
        return recording, float(start), None if float(end) < 0 else float(end)  # -1: to the recording's end
    except ValueError:
        raise ValueError(f"segments: expected 'recording start end' in seconds, received {line!r}") from None


def _entry(recordings: Mapping[str, str], name: str) -> str:
    if not recordings.get(name):
        raise ValueError(f"not in wav.scp: {name}")
    return recordings[name]
