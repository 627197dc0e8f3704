"""Split folders of a user's own corpus: train, validation and test, or what else they are called."""

from pathlib import Path

NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test",),
}


def find_splits(folder: Path) -> dict[str, Path]:
    """Find the folders, archives or files of splits.

    Args:
        folder: Holds train, validation and test: folders, archives or files with any suffix (train/,
            test.zip, val.jsonl). Names are also those of `NAMES`, in upper or lower case.

    Returns:
        {split: path}. Where nothing is named so, the whole folder is "train".

    Raises:
        ValueError: Two entries claim one split.
    """
    paths: dict[str, Path] = {}
    for entry in sorted(folder.iterdir()):
        stem = entry.name.split(".")[0].lower()
        for split, names in NAMES.items():
            if stem in names:
                if split in paths:
                    names = f"{paths[split].name} and {entry.name}"
                    raise ValueError(f"{folder}: {names} both name the split {split!r}. Keep one.")
                paths[split] = entry
    return paths or {"train": folder}
