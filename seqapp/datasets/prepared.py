"""Prepared corpus of TFDS: its splits, and the examples that were left out of them."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from seqapp.datasets.skipped import SKIPPED_FILE, Skipped

if TYPE_CHECKING:
    import tensorflow as tf
    import tensorflow_datasets as tfds


@dataclasses.dataclass(frozen=True)
class PreparedCorpus:
    """One corpus on disk, opened once for all splits that are read.

    Args:
        name: What errors call it.
        builder: TFDS's, its examples prepared.
    """

    name: str
    builder: "tfds.core.DatasetBuilder"

    def split(self, split: str, *features: str) -> "tf.data.Dataset":
        """Return the examples of a split, as `load.load` does, in the same order each time.

        Args:
            split: Its name, "all", or an expression of TFDS.
            *features: The only ones to decode, where not all are asked for: texts are small, waveforms are not.

        Raises:
            ValueError: No such split.
        """
        known = [*self.builder.info.splits, "all"]
        if "+" not in split and split.split("[")[0] not in known:
            raise ValueError(f"{self.name}: expected a split of {', '.join(known)}, received {split!r}")
        if not features:
            return self.builder.as_dataset(split=split, shuffle_files=False)
        import tensorflow_datasets as tfds  # late: --help of the scripts stays fast

        decoding = tfds.decode.PartialDecoding(dict.fromkeys(features, True))
        return self.builder.as_dataset(split=split, shuffle_files=False, decoders=decoding)

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits."""
        return tuple(self.builder.info.splits)

    @property
    def skipped(self) -> Skipped:
        """Examples that the reader could not use, of all splits: a broken one often does not tell its own."""
        return Skipped.read(Path(self.builder.data_dir) / SKIPPED_FILE)
