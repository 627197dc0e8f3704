"""Splits of the Bentham lines: the lists name pages, and the name of a line contains that of its page."""

import itertools
import re
from collections.abc import Mapping
from pathlib import Path

LISTS = {"train": "Train.lst", "validation": "Validation.lst", "test": "Test.lst"}
FOLDER = "Partitions"


def read_partitions(root: Path) -> dict[str, str]:
    """Read the lists.

    Args:
        root: Folder that holds Partitions/.

    Returns:
        {page id: split}.

    Raises:
        ValueError: A list is missing, or a page is in two of them.
    """
    splits: dict[str, str] = {}
    for split, name in LISTS.items():
        path = root / FOLDER / name
        if not path.is_file():
            raise ValueError(f"{path}: expected the pages of {split}, found nothing. Put the list there.")
        for id in path.read_text("utf-8-sig").split():
            if splits.setdefault(id, split) != split:
                raise ValueError(f"bentham: {id} is in the lists of {splits[id]} and of {split}. Keep one.")
    return splits


def page_of(line: str, splits: Mapping[str, str]) -> str | None:
    """Find the page that a line is of.

    Args:
        line: Such as "002_080_001_02_07".
        splits: Pages are its keys.

    Returns:
        The longest page id that stands in the line's name between ends or separators: "002_08" is not in
        "002_080_001". None where no page does.
    """
    ends = [0, *(place for separator in re.finditer("[_.-]", line) for place in separator.span()), len(line)]
    parts = (line[start:end] for start, end in itertools.combinations(ends, 2))
    return max((part for part in parts if part in splits), key=len, default=None)
