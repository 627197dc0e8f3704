"""Output paths made of ids: always below the output folder, never two of one name."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from seqapp.datasets.file_tree import files_below

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


def check_output(inputs: Sequence[str | Path], folder: str | Path, suffix: str) -> None:
    """Refuse an output folder among the inputs that holds files of the output's suffix; before anything is read.

    Args:
        inputs: Files, folders and archives.
        folder: Output folder.
        suffix: Of the files to be written, with its dot.

    Raises:
        ValueError: The folder is or lies in an input folder with such files, or holds one beside an input file.
    """
    folder = Path(folder).resolve()
    for path in (Path(path).resolve() for path in inputs):
        if path.is_dir() and folder.is_relative_to(path):
            endangered = files_below(folder, (suffix,)) if folder.is_dir() else []
        else:
            beside = path.with_suffix(suffix)
            endangered = [beside] if path.parent == folder and beside.is_file() else []
        if endangered:
            raise _refusal(endangered[0], path)


def check_targets(inputs: Sequence[str | Path], targets: Sequence[Path]) -> None:
    """Refuse to write over inputs and over files that lie among them.

    Args:
        inputs: Files, folders and archives.
        targets: Files to be written.

    Raises:
        ValueError: A target exists and is an input, lies in an input folder or in the folder of an input file.
    """
    inputs = [Path(path).resolve() for path in inputs]
    folders = {path: path for path in inputs if path.is_dir()}
    parents = {path.parent: path for path in inputs if not path.is_dir()}
    for target in (target.resolve() for target in targets if target.exists()):
        among = next((folders[above] for above in target.parents if above in folders), parents.get(target.parent))
        if among is not None:
            raise _refusal(target, among)


def _refusal(target: Path, path: Path) -> ValueError:
    return ValueError(
        f"{target}: is there already, among the inputs ({path}), and might be written over. "
        "Give --output another folder, apart from the inputs; with --resume, move there what was written before."
    )


def _part(name: str) -> str:
    """Return a part of an id as the name of a file: without control characters, and cut where it is too long."""
    name = _UNPRINTABLE.sub("_", name)
    encoded = name.encode("utf-8", "replace")
    if len(encoded) <= _MOST_BYTES:
        return encoded.decode()
    digest = hashlib.sha1(encoded).hexdigest()[:8]
    return f"{encoded[: _MOST_BYTES - 9].decode('utf-8', 'ignore')}-{digest}"
