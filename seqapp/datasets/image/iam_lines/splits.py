"""Splits of IAM: lists of lines, or of whole forms."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from seqapp.datasets.distribution import below
from seqapp.datasets.file_tree import is_hidden

OFFICIAL = {
    "train": ("trainset",),
    "validation": ("validationset1",),
    "validation2": ("validationset2",),
    "test": ("testset",),
}
AACHEN = {"train": ("train",), "validation": ("validation", "valid", "val", "dev"), "test": ("test",)}
FOLDERS = {"official": "largeWriterIndependentTextLineRecognitionTask", "aachen": "aachen"}
NAMES = {"official": OFFICIAL, "aachen": AACHEN}


def read_lists(root: Path, division: str) -> dict[str, str]:
    """Read the lists of a division.

    Args:
        root: Folder that holds lines/ and ascii/.
        division: "official" or "aachen".

    Returns:
        {line or form id: split}.

    Raises:
        ValueError: A list is missing, or an id is in two splits.
    """
    splits: dict[str, str] = {}
    for split, names in NAMES[division].items():
        for id in _ids(_list(root, FOLDERS[division], names)):
            if splits.setdefault(id, split) != split:
                raise ValueError(f"iam_lines: {id} is in the lists of {splits[id]} and of {split}. Keep one.")
    return splits


def split_of(line_id: str, splits: Mapping[str, str]) -> str | None:
    """Return the split of a line, by its own id or by that of its form; None where neither is listed."""
    return splits.get(line_id) or splits.get(line_id.rpartition("-")[0])


def _list(root: Path, folder: str, names: Iterable[str]) -> Path:
    for place in below(root, folder, depth=1):
        for path in sorted(place.iterdir()):
            if path.is_file() and not is_hidden(path, place) and path.name.split(".")[0].lower() in names:
                return path
    raise ValueError(f"{root}: expected a list {next(iter(names))}.txt in {folder}/, found none. Put the lists there.")


def _ids(path: Path) -> list[str]:
    lines = (line.split("#")[0].split() for line in path.read_text("utf-8-sig").splitlines())
    return [words[0].removesuffix(".png") for words in lines if words]
