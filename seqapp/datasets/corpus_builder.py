"""Base class of all TFDS builders: sources, splits, and the list of skipped examples.

A subclass per sense (`ink_builder`, `audio_builder`, `line_builder`) names the features, one per corpus reads.
"""

import itertools
import logging
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tensorflow_datasets as tfds

from seqapp.command_line import log_progress
from seqapp.datasets.prepared import Records, has_records
from seqapp.datasets.repeats import Example, without_repeats
from seqapp.datasets.skipped import SKIPPED_FILE, Skipped

if TYPE_CHECKING:
    import tensorflow as tf

logger = logging.getLogger(__name__)


class CorpusBuilder(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """Builds examples with an id. What could not be used lies in `skipped.json` beside the prepared ones."""

    EXAMPLE_NAME = "example"  # what errors call one

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """List what will be read: files, archives and folders; where they change, the corpus is prepared anew.

        Args:
            manual_dir: Where the user keeps the corpus.

        Returns:
            The whole folder, unless a builder knows better.
        """
        return [manual_dir]

    @abstractmethod
    def _split_examples(self, manual_dir: Path | None, cache_dir: Path) -> dict[str, Iterable[Example]]:
        """Return {split: examples}."""

    @abstractmethod
    def _row(self, example: Example) -> dict[str, Any]:
        """Return the features of one example."""

    def _dataset_info(self, features: dict[str, Any], supervised_keys: tuple[str, str]) -> tfds.core.DatasetInfo:
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features), supervised_keys=supervised_keys
        )

    def _split_generators(self, dl_manager: tfds.download.DownloadManager) -> dict[str, Iterable]:
        manual_dir = Path(dl_manager.manual_dir) if self.MANUAL_DOWNLOAD_INSTRUCTIONS else None
        splits = self._split_examples(manual_dir, Path(self._data_dir_root) / "unpacked")
        generators = {split: self._generate_examples(examples) for split, examples in splits.items()}
        nonempty = _without_empty(generators)
        if not nonempty:
            raise ValueError(self._nothing_usable())
        name = self.info.name
        return {split: log_progress(rows, f"preparing {name} {split}") for split, rows in nonempty.items()}

    def _nothing_usable(self) -> str:
        problem = f"expected at least one usable {self.EXAMPLE_NAME}, found none."
        if not self.skipped:
            return f"{problem} Does the folder hold the corpus?"
        return f"{problem} Skipped: {self.skipped.summary()}: {self.skipped.items[0][1]}"

    def _generate_examples(self, examples: Iterable[Example]) -> Iterable[tuple[str, dict]]:
        for example in without_repeats(examples, self.skipped):  # TFDS stops at a second example of one key
            yield example.id, self._row(example)

    def _as_dataset(self, split: str, decoders: Any = None, **kwargs) -> "tf.data.Dataset":
        if not has_records(self):
            return super()._as_dataset(split, decoders=decoders, **kwargs)
        # TFDS has no tf.data.Dataset of array_record.
        wanted = decoders.extract_features(self.info.features) if decoders else {}
        return Records(self, split, tuple(wanted)).dataset()

    def _download_and_prepare(self, *args, **kwargs) -> None:
        # Within the folder that TFDS renames at the end, so that no examples are ever there without their account.
        self.skipped = Skipped()
        super()._download_and_prepare(*args, **kwargs)
        self.skipped.log(self.info.full_name, self.info.splits.total_num_examples)
        self.skipped.write(Path(self.data_dir) / SKIPPED_FILE)


def _without_empty(generators: dict[str, Iterable]) -> dict[str, Iterable]:
    """Leave out splits without examples: TFDS stops at one."""
    nonempty = {}
    for split, generator in generators.items():
        iterator = iter(generator)
        first = next(iterator, None)
        if first is None:
            logger.warning("split %r is empty and left out", split)
        else:
            nonempty[split] = itertools.chain([first], iterator)
    return nonempty
