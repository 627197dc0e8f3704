"""Split folders of a user's own corpus: train, validation and test, or what else they are called."""

import logging
from pathlib import Path

from seqapp.datasets.archive import is_archive
from seqapp.datasets.file_tree import is_hidden

logger = logging.getLogger(__name__)

NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev", "eval", "evaluation", "development"),
    "test": ("test", "testing"),
}
RECORDS = (".json", ".jsonl", ".ndjson", ".inkml", ".dat")  # files that hold many examples: others hold one, or none


def find_splits(folder: Path) -> dict[str, Path]:
    """Find the folders, archives or files of splits.

    Args:
        folder: Holds train, validation and test: folders, archives or files of many examples (train/, test.zip,
            val.jsonl). Names are also those of `NAMES`, in upper or lower case.

    Returns:
        {split: path}; a folder goes before a file of the same name. Where nothing is named
        so, the whole folder is "train".

    Raises:
        ValueError: Two entries claim one split.
    """
    paths: dict[str, Path] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: (not entry.is_dir(), entry.name)):
        split = split_named(entry.name.split(".")[0])
        if split is None or is_hidden(entry, folder) or not (_holds_many(entry) or entry.is_dir()):
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


def _holds_many(file: Path) -> bool:
    return file.suffix.lower() in RECORDS or is_archive(file)
