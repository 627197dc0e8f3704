"""Arrays of token ids: small ones in memory, large ones in a file of the cache that is mapped into memory."""

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from seqapp.command_line.cache_folder import cache_folder
from seqapp.language.corpus.vocabulary import Vocabulary

log = logging.getLogger(__name__)

IN_MEMORY_BYTES = 64_000_000  # of text; the ids of more lie on disk
VERSION = "1"  # of the files in the cache
VOCABULARY = "vocabulary.txt"


def joined(parts: Iterable[np.ndarray]) -> np.ndarray:
    """Join ids to one array in memory, int32 `[N]`."""
    return np.concatenate([np.zeros(0, np.int32), *parts])


class TokenCache:
    """Ids of a corpus in the cache, under a hash of what they depend on.

    Args:
        files: Of the corpus.
        facts: What else the ids depend on.
    """

    def __init__(self, files: Iterable[Path], facts: Iterable[str]):
        stats = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
        key = hashlib.sha256(repr((VERSION, stats, tuple(facts))).encode()).hexdigest()[:24]
        self.folder = cache_folder() / "texts" / key

    def load(self, names: Iterable[str]) -> tuple[list[np.ndarray], Vocabulary] | None:
        """Map arrays by name, and read their vocabulary; None where they are not there."""
        if not (self.folder / VOCABULARY).is_file():
            return None
        log.info("token ids: from %s", self.folder)
        return [_mapped(self.folder / name) for name in names], Vocabulary.load(self.folder / VOCABULARY)

    def save(self, parts: dict[str, Iterable[np.ndarray]], vocabulary: Vocabulary) -> None:
        """Write arrays by name, whole or not at all; another process may do the same.

        Raises:
            OSError: There is no room.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=self.folder.parent, prefix=".making_"))
        try:
            for name, blocks in parts.items():
                with (temporary / name).open("wb") as file:
                    for block in blocks:
                        file.write(block.astype("<i4").tobytes())
            vocabulary.save(temporary / VOCABULARY)
            if not self.folder.exists():
                temporary.rename(self.folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def _mapped(path):
    return np.memmap(path, "<i4", mode="r") if path.stat().st_size else np.zeros(0, np.int32)
