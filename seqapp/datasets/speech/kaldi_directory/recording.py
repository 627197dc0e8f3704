"""Kaldi's wav.scp: the audio file that an entry names, as a path or as the input of a command."""

import re
import shlex
from pathlib import Path

_LEVELS = 3  # Kaldi's relative paths start where its scripts run: egs/corpus/s5 is two levels above data/train
# Commands that only change the format of one file, with the options that change nothing else: what they would write is
# in the file itself. Others cut, mix or filter, and are refused.
_DECODERS = {
    "sph2pipe": ("-f", "wav", "-p", "rif"),
    "flac": ("-c", "-d", "-s", "-cd", "-cds", "-dcs", "-dc", "--decode", "--stdout", "--silent"),
    "cat": (),
    "sox": ("-t", "wav", "flac", "wv1", "sph", "-", "-r", "-b", "16", "-e", "signed-integer", "-q", "-V1", "-G"),
    "ffmpeg": ("-i", "-f", "wav", "-", "-ar", "-ac", "1", "-nostdin", "-loglevel", "error", "quiet", "-v", "-acodec",
               "pcm_s16le", "pipe:1", "-hide_banner", "-y"),
}  # fmt: skip
# "-c 2" of sph2pipe, "remix 2" of sox.
_CHANNEL = re.compile(r"^(?P<program>\S*(?:sph2pipe|sox)\b)(?P<words>.*?)\s(?:-c|remix)\s(?P<number>[1-8])(?=\s|$|\|)")
_RATE = re.compile(r"\d+k?")


def find_recording(entry: str, directory: Path) -> Path:
    """Find a file; commands are never run.

    Args:
        entry: The rest of a line of wav.scp: a path, or a command that decodes one file ("sph2pipe -f wav a.sph |").
        directory: The Kaldi data directory; a relative path may start there or up to three levels above.

    Returns:
        The file.

    Raises:
        ValueError: Another command, a place in an archive ("a.ark:123"), or no such file.
    """
    if entry.endswith("|"):
        return _decoded_file(entry, directory)
    path, colon, offset = entry.rpartition(":")
    if colon and path and offset.isdigit():
        raise ValueError(f"archive in wav.scp: {entry!r}. Copy it to audio files first (Kaldi: wav-copy).")
    file = _find(entry, directory)
    if file is None:
        raise ValueError(f"no audio file: {entry!r}. Give an absolute path, or one relative to {directory.name}.")
    return file


def channel_of_command(entry: str) -> int | None:
    """Return the index of the channel that a command of wav.scp selects; None for a path, and where it selects none."""
    match = _CHANNEL.search(entry) if entry.endswith("|") else None
    return int(match.group("number")) - 1 if match else None


def _find(name: str, directory: Path) -> Path | None:
    folders = (directory, *directory.resolve().parents[:_LEVELS])
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _decoded_file(entry: str, directory: Path) -> Path:
    """Return the one file that a command decodes."""
    refusal = ValueError(f"command in wav.scp: {entry!r}. Write the path of the audio file instead.")
    try:
        program, *words = shlex.split(_CHANNEL.sub(r"\g<program>\g<words>", entry.rstrip("|")))
    except ValueError:
        raise refusal from None
    options = _DECODERS.get(Path(program).name)
    files = [word for word in words if options is not None and word not in options and not _RATE.fullmatch(word)]
    if len(files) != 1 or "|" in entry[:-1] or (file := _find(files[0], directory)) is None:
        raise refusal
    return file
