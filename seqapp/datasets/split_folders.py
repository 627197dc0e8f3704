"""Split folders of a user's own corpus: train, validation and test, or what else they are called."""

import logging
from pathlib import Path

from seqapp.datasets.file_tree import is_hidden

logger = logging.getLogger(__name__)

NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev", "eval", "evaluation", "development"),
    "test": ("test", "testing"),
}
LISTS = (".txt", ".csv", ".tsv", ".lst", ".list", ".md")  # name files of a split, and are not read


def find_splits(folder: Path) -> dict[str, Path]:
    """Find the folders, archives or files of splits.

    Args:
        folder: Holds train, validation and test: folders, archives or files with any suffix (train/,
            test.zip, val.jsonl). Names are also those of `NAMES`, in upper or lower case.

    Returns:
        {split: path}; a folder goes before a file of the same name, and a list of files is none. Where nothing is named
        so, the whole folder is "train".

    Raises:
        ValueError: Two entries claim one split.
    """
    paths: dict[str, Path] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: (not entry.is_dir(), entry.name)):
        split = split_named(entry.name.split(".")[0])
        if split is None or is_hidden(entry, folder) or entry.suffix.lower() in LISTS:
            continue
        if split not in paths:
            paths[split] = entry
        elif paths[split].is_dir() and not entry.is_dir():
            logger.warning("%s: %s/ is read, %s is not", folder, paths[split].name, entry.name)
        else:
            names = f"{paths[split].name} and {entry.name}"
            raise ValueError(f"{folder}: {names} both name the split {split!r}. Keep one.")
    return paths or {"train": folder}


def split_named(name: str) -> str | None:
    """Return the split that a folder or file is named after, in upper or lower case; None for another name."""
    return next((split for split, names in NAMES.items() if name.lower() in names), None)
