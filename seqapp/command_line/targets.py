"""Unwritable targets, reported before any work is done for them."""

import os
from pathlib import Path


def expect_writable(path: str | Path) -> None:
    """Look whether a file can be written, without writing it.

    Raises:
        ValueError: Where a folder stands in its place, its folder is missing, or nobody may write there.
    """
    path = Path(path)
    if path.is_dir():
        raise ValueError(f"Expected the name of a file to write. Received the folder {path}. Name a file in it.")
    if not path.parent.is_dir():
        raise ValueError(f"Expected a folder {path.parent} to write {path.name} into. Found none. Make it first.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ValueError(f"{path} cannot be written: permission denied. Expected a file that you may write.")
