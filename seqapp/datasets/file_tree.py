"""Files below a folder of a user's: hidden and housekeeping ones left out, the unread ones listed by suffix."""

import collections
import logging
import os
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

logger = logging.getLogger(__name__)

# Folders that operating systems, storage boxes and editors make of their own accord; others begin with a dot.
HOUSEKEEPING = ("__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found", "__pycache__")
_NO_DATA = (".md", ".txt", ".pdf~", ".ini", ".db", ".bib", ".html", ".py", ".log")  # lie beside data, and are none
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_SUFFIXES = 8  # named in one message


def is_hidden(path: Path, root: Path) -> bool:
    """Return whether a file, or a folder on the way to it, is hidden or for housekeeping ("._a.wav", "@eaDir")."""
    return any(part.startswith(".") or part.lower() in HOUSEKEEPING for part in path.relative_to(root).parts)


def files_below(folder: Path, suffixes: Collection[str] | None = None) -> list[Path]:
    """List the files below a folder, sorted, without hidden and housekeeping ones.

    Args:
        folder: The folder; linked folders below it are not entered.
        suffixes: Of the names, in lower case; names may have them in upper case. None: all files.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if (suffixes is None or path.suffix.lower() in suffixes) and not is_hidden(path, folder) and path.is_file()
    )


def id_of(path: Path, root: Path) -> str:
    """Return the id of a file: its path below a root, without suffix; bytes that are no UTF-8 become U+FFFD."""
    return readable(path.relative_to(root).with_suffix("").as_posix())


def readable(text: str) -> str:
    """Return a text that can be written in UTF-8: halves of surrogate pairs become U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def log_unread(folder: Path, files: Iterable[Path], companions: Sequence[str] = ()) -> None:
    """Log the files below a folder that were not read, counted by suffix.

    Args:
        folder: The folder that a user named.
        files: Those that were read.
        companions: Suffixes of files that belong to those, such as transcripts.
    """
    known = {*map(os.fspath, files)}
    skipped_suffixes = {*_NO_DATA, *companions}
    suffixes = (path.suffix.lower() for path in files_below(folder) if os.fspath(path) not in known)
    counts = collections.Counter(suffix or "no suffix" for suffix in suffixes if suffix not in skipped_suffixes)
    if counts:
        listing = ", ".join(f"{count} {suffix}" for suffix, count in counts.most_common(_MOST_SUFFIXES))
        logger.warning("%s: not read: %s%s", folder, listing, ", ..." if len(counts) > _MOST_SUFFIXES else "")
