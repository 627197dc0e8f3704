"""Split of a corpus that stays on disk while it is evaluated: ids and labels in memory, raw arrays read by number."""

import functools
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from seqapp.datasets.prepared import PreparedCorpus, Records
from seqapp.input_pipeline.examples import as_text


class StoredSplit:
    """Stands in for `Examples` wherever they are read one by one.

    Args:
        corpus: `PreparedCorpus` that `has_records`.
        split: Name of one of its splits.
        sense: `Sense`.
        normalize: Function from a label to the label that the model learns.

    Attributes:
        ids, group_ids, texts: As of `Examples`.
    """

    def __init__(self, corpus: PreparedCorpus, split: str, sense, normalize: Callable[[str], str]):
        self._sense = sense
        self._records = Records(corpus.builder, split)
        labels = Records(corpus.builder, split, ("id", sense.group_key, "text")).dataset().as_numpy_iterator()
        rows = [[as_text(record[key]) for key in ("id", sense.group_key, "text")] for record in labels]
        self.ids, self.group_ids, texts = (np.array([row[column] for row in rows], object) for column in range(3))
        self.texts = np.array([normalize(text) for text in texts], object)

    def __len__(self):
        return len(self.ids)

    def raw_of(self, index: int) -> np.ndarray:
        """Read the raw array of one example."""
        raw = self._read(tf.constant(index, tf.int64))
        return np.asarray(raw, self._sense.raw_dtype).reshape(-1, *self._sense.raw_shape)

    @functools.cached_property
    def _read(self):
        return tf.function(lambda number: self._records.read(number)[self._sense.raw_key], autograph=False)
