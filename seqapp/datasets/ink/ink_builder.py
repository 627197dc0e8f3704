"""Base class of TFDS builders of pen ink: their features. A subclass reads the inks."""

from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from seqapp.datasets.corpus_builder import CorpusBuilder
from seqapp.datasets.ink.ink import Ink


class InkBuilder(CorpusBuilder, skip_registration=True):
    """Builder of `points` float32 `[N, 4]` (x, y down, time_s, pen_up), `text`, `writer_id` (hashed) and `id`."""

    EXAMPLE_NAME = "ink"

    @abstractmethod
    def inks(self, manual_dir: Path | None, cache_dir: Path) -> dict[str, Iterable[Ink]]:
        """Return the inks of each split.

        Args:
            manual_dir: Where the user keeps the corpus; None for a builder without MANUAL_DOWNLOAD_INSTRUCTIONS.
            cache_dir: Where archives may be unpacked.

        Returns:
            {split: inks}; splits without inks are left out. What is not usable goes to `self.skipped`.

        Raises:
            ValueError: The corpus is not there.
        """

    def _split_examples(self, manual_dir: Path | None, cache_dir: Path) -> dict[str, Iterable[Ink]]:
        return self.inks(manual_dir, cache_dir)

    def _info(self) -> tfds.core.DatasetInfo:
        features = {  # as bytes: lists of floats took most of the time that TFDS itself needs
            "points": tfds.features.Tensor(shape=(None, 4), dtype=np.float32, encoding="bytes"),
            "text": tfds.features.Text(),
            "writer_id": tfds.features.Text(),
            "id": tfds.features.Text(),
        }
        return self._dataset_info(features, ("points", "text"))

    def _row(self, ink: Ink) -> dict[str, Any]:
        return {"points": ink.points, "text": ink.text, "writer_id": ink.writer_id, "id": ink.id}
