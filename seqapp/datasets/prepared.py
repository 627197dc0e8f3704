"""Prepared corpus of TFDS: its splits, its records on disk by number, and the examples that were left out."""

import dataclasses
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seqapp.datasets.skipped import SKIPPED_FILE, Skipped

if TYPE_CHECKING:
    import tensorflow as tf
    import tensorflow_datasets as tfds


ARRAY_RECORD, SEQUENTIAL = "array_record", "tfrecord"


def file_format() -> str:
    """Return the format that corpora are prepared in: TFDS brings array_record where there is a wheel of it."""
    return ARRAY_RECORD if importlib.util.find_spec("array_record") else SEQUENTIAL


def has_records(builder: "tfds.core.DatasetBuilder") -> bool:
    """Tell whether a builder's examples can be read by number; those that older versions prepared cannot."""
    return builder.info.file_format is not None and builder.info.file_format.value == ARRAY_RECORD


class Records:
    """Examples of one split, by number: the order in which they were written.

    Args:
        builder: TFDS's, its examples prepared as array_record.
        split: Its name, or an expression of TFDS.
        names: The only features to decode; all by default. The whole record is read either way.
    """

    def __init__(self, builder: "tfds.core.DatasetBuilder", split: str, names: Sequence[str] = ()):
        import tensorflow_datasets as tfds  # late: --help of the scripts stays fast

        features = builder.info.features
        self._features = tfds.features.FeaturesDict({name: features[name] for name in names}) if names else features
        self._source = builder.as_data_source(split).data_source

    def __len__(self) -> int:
        return len(self._source)

    def read(self, number: "tf.Tensor") -> dict[str, "tf.Tensor"]:
        """Read one example: operations of a graph. Only fetching the bytes asks Python; many can be under way."""
        import tensorflow as tf

        record = tf.numpy_function(lambda i: self._source[int(i)], [number], tf.string, stateful=False)
        return self._features.deserialize_example(tf.ensure_shape(record, []))

    def dataset(self) -> "tf.data.Dataset":
        """Return all examples in their order."""
        import tensorflow as tf

        numbers = tf.data.Dataset.range(len(self))
        return numbers.map(self.read, num_parallel_calls=tf.data.AUTOTUNE).prefetch(1)


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
    def has_records(self) -> bool:
        """Whether examples can be read by number, as those cannot that an older version prepared."""
        return has_records(self.builder)

    def num_bytes(self, *splits: str) -> int:
        """Return the size of some splits; of one that there is not, 0."""
        infos = self.builder.info.splits
        return sum(infos[split].num_bytes for split in splits if split in infos)

    @property
    def skipped(self) -> Skipped:
        """Examples that the reader could not use, of all splits: a broken one often does not tell its own."""
        return Skipped.read(Path(self.builder.data_dir) / SKIPPED_FILE)
