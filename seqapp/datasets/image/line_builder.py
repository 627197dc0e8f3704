"""Base class of TFDS builders of line images: their features. A subclass reads the lines."""

from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from seqapp.datasets.corpus_builder import CorpusBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.recipe.rules import CORPUS_HEIGHT


class LineBuilder(CorpusBuilder, skip_registration=True):
    """Builder of `columns` uint8 `[W, CORPUS_HEIGHT]` (255 white), `text`, `writer_id` (hashed) and `id`."""

    EXAMPLE_NAME = "line"

    @abstractmethod
    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Return the lines of each split; one page after the other, so that memory holds one.

        Args:
            manual_dir: Where the user keeps the corpus.
            cache_dir: Where archives may be unpacked.

        Returns:
            {split: lines}; splits without any are left out. What is not usable goes to `self.skipped`.

        Raises:
            ValueError: The corpus is not there.
        """

    def _split_examples(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        return self.line_images(manual_dir, cache_dir)

    def _info(self) -> tfds.core.DatasetInfo:
        features = {  # compressed: most of a line is paper of one colour
            "columns": tfds.features.Tensor(shape=(None, CORPUS_HEIGHT), dtype=np.uint8, encoding="zlib"),
            "text": tfds.features.Text(),
            "writer_id": tfds.features.Text(),
            "id": tfds.features.Text(),
        }
        return self._dataset_info(features, ("columns", "text"))

    def _row(self, line: LineImage) -> dict[str, Any]:
        return {"columns": line.columns, "text": line.text, "writer_id": line.writer_id, "id": line.id}
