"""Folder of the cache: prepared corpora, and token ids of large texts."""

import os
from pathlib import Path


def cache_folder(given: str | Path | None = None) -> Path:
    """Return the folder that was given; None: $SEQAPP_CACHE, or ~/.cache/seqapp."""
    return Path(given or os.environ.get("SEQAPP_CACHE") or "~/.cache/seqapp").expanduser()
