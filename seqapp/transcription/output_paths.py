"""Output paths made of ids: always below the output folder, never two of one name."""

import hashlib
import re
from pathlib import Path

_MOST_BYTES = 200  # of one part of a path; file systems take 255, and a suffix follows
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


class OutputPaths:
    """Paths of files to be written below a folder.

    Args:
        folder: The folder.
        suffix: Of the files, with its dot.

    Example:
        >>> paths = OutputPaths("out", ".txt")
        >>> [paths.place(id).as_posix() for id in ("a/b", "../../evil", "evil")]
        ['out/a/b.txt', 'out/evil.txt', 'out/evil_2.txt']
    """

    def __init__(self, folder: str | Path, suffix: str) -> None:
        self._folder = Path(folder)
        self._suffix = suffix
        self._taken: set[Path] = set()

    def place(self, id: str) -> Path:
        """Return the path for an id: its slashes are folders, what would lead out of the folder is left out."""
        parts = [_part(part) for part in re.split(r"[/\\]", str(id)) if part.strip() not in ("", ".", "..")] or ["_"]
        base = self._folder.joinpath(*parts)
        path = base.with_name(base.name + self._suffix)
        number = 1
        while path in self._taken:
            number += 1
            path = base.with_name(f"{base.name}_{number}{self._suffix}")
        self._taken.add(path)
        return path


def _part(name: str) -> str:
    """Return a part of an id as the name of a file: without control characters, and cut where it is too long."""
    name = _UNPRINTABLE.sub("_", name)
    encoded = name.encode("utf-8", "replace")
    if len(encoded) <= _MOST_BYTES:
        return encoded.decode()
    digest = hashlib.sha1(encoded).hexdigest()[:8]
    return f"{encoded[: _MOST_BYTES - 9].decode('utf-8', 'ignore')}-{digest}"
