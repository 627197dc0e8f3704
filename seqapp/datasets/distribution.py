"""Root folder of a distributed corpus: in the user's folder, near below it, or in an archive there."""

from collections.abc import Callable, Sequence
from pathlib import Path

from seqapp.datasets.archive import archives_in, unpack
from seqapp.datasets.file_tree import is_hidden

Finder = Callable[[Path], Path | None]


def below(folder: Path, name: str, depth: int = 2) -> list[Path]:
    """Return the files and folders called `name` (a glob pattern) at or below a folder, nearest first.

    Args:
        folder: Where to look.
        name: File or folder, such as "etc/an4_train.fileids".
        depth: Most levels between.
    """
    paths = (path for level in range(depth + 1) for path in sorted(folder.glob("*/" * level + name)))
    return [path for path in paths if not is_hidden(path, folder)]


def inner_folder(folder: Path) -> Path:
    """Return the folder itself, or the first below it that holds more than one folder: archives often add one."""
    entries = [path for path in folder.iterdir() if not is_hidden(path, folder)]
    return inner_folder(entries[0]) if len(entries) == 1 and entries[0].is_dir() else folder


def find_archive(folder: Path, names: Sequence[str]) -> Path | None:
    """Return the first archive in a folder whose name, in any case, holds one of `names`; else None."""
    named = (path for path in archives_in(folder) if any(name in path.name.lower() for name in names))
    return next(named, None)


def find_source(folder: Path, find_root: Finder, archive_names: Sequence[str]) -> Path:
    """Return the part of a user's folder that is the corpus: its root, else its archive, else the whole folder.

    Args:
        folder: Where the user keeps the corpus.
        find_root: Returns the root at or below a folder, or None.
        archive_names: As `find_archive`.
    """
    return find_root(folder) or find_archive(folder, archive_names) or folder


def open_root(
    folder: Path, find_root: Finder, archive_names: Sequence[str], cache_dir: Path, instructions: str
) -> Path:
    """Return the root of a corpus, unpacked if need be.

    Args:
        folder: Where the user keeps the corpus.
        find_root: Returns the root at or below a folder, or None.
        archive_names: As `find_archive`.
        cache_dir: Where an archive may be unpacked.
        instructions: What to tell a user whose folder holds no such corpus.

    Raises:
        ValueError: No such corpus there.
    """
    root = find_root(folder)
    if root is None and (archive := find_archive(folder, archive_names)):
        root = find_root(unpack(archive, cache_dir))
    if root is None:
        raise ValueError(f"{folder}: the corpus is not in there, nor an archive of it. {instructions.strip()}")
    return root
