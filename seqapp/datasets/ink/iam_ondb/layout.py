"""Folders and archives of IAM-OnDB: users keep some unpacked, some packed, in folders of their own naming."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from seqapp.datasets.archive import archives_in, unpack
from seqapp.datasets.file_tree import is_hidden

# Our names for the task's files. Public code disagrees on which of v and t is for testing: f, the largest, is
# the final test set of the task's definition; v is for early stopping, t for a language model's weight.
SPLIT_FILES = {
    "train": "trainset.txt",
    "validation": "testset_v.txt",
    "validation2": "testset_t.txt",
    "test": "testset_f.txt",
}
_ARCHIVES = ("linestrokes", "ascii", "original", "task", "iamondb", "t1", "t2")


@dataclasses.dataclass(frozen=True)
class Layout:
    """Folders that hold a01/a01-000/..., and the lists of the splits.

    Args:
        line_strokes: Ink.
        ascii: Transcriptions.
        original: Forms with writer ids; None if the user has none.
        split_files: {split: file}; empty if the user has none.
    """

    line_strokes: Path
    ascii: Path
    original: Path | None
    split_files: dict[str, Path]


def find_layout(folder: Path, cache_dir: Path) -> Layout:
    """Find the parts in a folder, unpacking the archives that lie in it.

    Args:
        folder: Holds lineStrokes/, ascii/, perhaps original/ and a task's lists, at any depth; or the
            archives lineStrokes-all.tar.gz, ascii-all.tar.gz, original-xml-all.tar.gz and that of a task.
        cache_dir: Where archives are unpacked.

    Returns:
        The layout.

    Raises:
        ValueError: No ink or no transcriptions.
    """
    roots = [folder] + [unpack(path, cache_dir) for path in archives_in(folder) if _is_part(path)]
    line_strokes = _find_folder(roots, "lineStrokes")
    ascii = _find_folder(roots, "ascii")
    if line_strokes is None or ascii is None:
        missing = [name for name, part in (("lineStrokes", line_strokes), ("ascii", ascii)) if part is None]
        raise ValueError(
            f"{folder}: expected IAM-OnDB's folders lineStrokes and ascii, or their archives; missing: "
            f"{', '.join(missing)}. Put lineStrokes-all.tar.gz and ascii-all.tar.gz there."
        )
    return Layout(line_strokes, ascii, _find_folder(roots, "original"), find_split_files(roots))


def holds_corpus(folder: Path) -> bool:
    """Return whether both ink and transcriptions lie in a folder, each unpacked or as an archive; unpacks nothing."""
    packed = [path.name.lower() for path in archives_in(folder)]
    return all(
        any(part.lower() in name for name in packed) or _find_folder([folder], part) is not None
        for part in ("lineStrokes", "ascii")
    )


def sources(folder: Path) -> list[Path]:
    """Return what `find_layout` may take from a folder: archives, unpacked parts and lists."""
    parts = [_find_folder([folder], name) for name in ("lineStrokes", "ascii", "original")]
    archives = [path for path in archives_in(folder) if _is_part(path)]
    return [*archives, *filter(None, parts), *find_split_files([folder]).values()]


def find_split_files(roots: Iterable[Path]) -> dict[str, Path]:
    """Find the first of each list in `SPLIT_FILES` below the roots."""
    files = {}
    for split, name in SPLIT_FILES.items():
        path = next((path for root in roots for path in _below(root, name)), None)
        if path is not None:
            files[split] = path
    return files


def read_split_file(path: Path) -> list[str]:
    """Read a list of forms or lines: one id per row, blanks around it, some rows empty."""
    rows = (row.strip() for row in path.read_text("latin-1").splitlines())
    return [row for row in rows if row and not row.startswith("#")]


def _is_part(path: Path) -> bool:
    return any(word in path.name.lower() for word in _ARCHIVES) and "lineimages" not in path.name.lower()


def _find_folder(roots: Iterable[Path], name: str) -> Path | None:
    """Find a folder `name`, `name-all` ... that holds a01/a01-000: archives nest it once or twice."""
    for root in roots:
        candidates = [root] if root.name.startswith(name) else []
        candidates += [path for path in _below(root, f"{name}*") if path.is_dir()]
        for path in candidates:
            if any(path.glob("[a-z][0-9][0-9]/*-*")):  # a01/a01-000
                return path
    return None


def _below(root: Path, pattern: str) -> list[Path]:
    return [path for path in sorted(root.rglob(pattern)) if not is_hidden(path, root)]
