"""What all TFDS builders of pen ink share: features, and the account of what was skipped.

A builder's own file says where its inks come from; everything else is here.
"""

import itertools
import logging
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from seqapp.datasets.ink import Ink
from seqapp.datasets.repeats import without_repeats
from seqapp.datasets.skipped import SKIPPED_FILE, Skipped

logger = logging.getLogger(__name__)


class InkBuilder(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """Builds `points` float32 [N, 4] (x, y down, time_s, pen_up), `text`, `writer_id` (hashed) and `id`.

    What could not be used lies in `skipped.json` beside the prepared examples.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Says what `inks` will read: files, archives and folders; where they change, the corpus is prepared anew.

        Args:
            manual_dir: Where the user keeps the corpus.

        Returns:
            The whole folder, unless a builder knows better.
        """
        return [manual_dir]

    @abstractmethod
    def inks(self, manual_dir: Path | None, cache_dir: Path) -> dict[str, Iterable[Ink]]:
        """Says which inks make up which split.

        Args:
            manual_dir: Where the user keeps the corpus; None for a builder without MANUAL_DOWNLOAD_INSTRUCTIONS.
            cache_dir: Where archives may be unpacked.

        Returns:
            {split: inks}; splits without inks are left out. What is not usable goes to `self.skipped`.

        Raises:
            ValueError: The corpus is not there.
        """

    def _info(self) -> tfds.core.DatasetInfo:
        features = {  # as bytes: lists of floats took most of the time that TFDS itself needs
            "points": tfds.features.Tensor(shape=(None, 4), dtype=np.float32, encoding="bytes"),
            "text": tfds.features.Text(),
            "writer_id": tfds.features.Text(),
            "id": tfds.features.Text(),
        }
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features), supervised_keys=("points", "text")
        )

    def _split_generators(self, dl_manager: tfds.download.DownloadManager) -> dict[str, Iterable]:
        manual_dir = Path(dl_manager.manual_dir) if self.MANUAL_DOWNLOAD_INSTRUCTIONS else None
        splits = self.inks(manual_dir, Path(self._data_dir_root) / "unpacked")
        generators = {split: self._generate_examples(inks) for split, inks in splits.items()}
        return _without_empty(generators)

    def _generate_examples(self, inks: Iterable[Ink]) -> Iterable[tuple[str, dict]]:
        for ink in without_repeats(inks, self.skipped):  # TFDS stops at a second example of one key
            yield ink.id, {"points": ink.points, "text": ink.text, "writer_id": ink.writer_id, "id": ink.id}

    def _download_and_prepare(self, *args, **kwargs) -> None:
        # Within the folder that TFDS renames at the end, so that no examples are ever there without their account.
        self.skipped = Skipped()
        super()._download_and_prepare(*args, **kwargs)
        self.skipped.log(self.info.full_name, self.info.splits.total_num_examples)
        self.skipped.write(Path(self.data_dir) / SKIPPED_FILE)


def _without_empty(generators: dict[str, Iterable]) -> dict[str, Iterable]:
    """TFDS stops at a split without examples: such a split is left out."""
    filled = {}
    for split, generator in generators.items():
        iterator = iter(generator)
        first = next(iterator, None)
        if first is None:
            logger.warning("split %r is empty and left out", split)
        else:
            filled[split] = itertools.chain([first], iterator)
    if not filled:
        raise ValueError("expected at least one usable ink, found none. Does the folder hold the corpus?")
    return filled
