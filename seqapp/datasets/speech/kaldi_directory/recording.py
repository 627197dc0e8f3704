"""Kaldi's wav.scp: the audio file that an entry names."""

from pathlib import Path

_LEVELS = 3  # Kaldi's relative paths start where its scripts run: egs/corpus/s5 is two levels above data/train


def find_recording(entry: str, directory: Path) -> Path:
    """Find a file; commands are never run.

    Args:
        entry: The rest of a line of wav.scp.
        directory: The Kaldi data directory; a relative path may start there or up to three levels above.

    Returns:
        The file.

    Raises:
        ValueError: A command ("sph2pipe ... |"), a place in an archive ("a.ark:123"), or no such file.
    """
    if entry.endswith("|"):
        raise ValueError(f"command in wav.scp: {entry!r}. Write the path of the audio file instead.")
    path, colon, offset = entry.rpartition(":")
    if colon and path and offset.isdigit():
        raise ValueError(f"archive in wav.scp: {entry!r}. Copy it to audio files first (Kaldi: wav-copy).")
    for folder in (directory, *directory.resolve().parents[:_LEVELS]):
        if (folder / entry).is_file():
            return folder / entry
    raise ValueError(f"no audio file: {entry!r}. Give an absolute path, or one relative to {directory.name}.")
