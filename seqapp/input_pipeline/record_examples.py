"""Corpus larger than memory: an index of its examples in memory, their raw arrays read from disk by number."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import tensorflow as tf

from seqapp.datasets.prepared import Records
from seqapp.input_pipeline.examples import Examples
from seqapp.input_pipeline.feature_lengths import feature_lengths

NO_FAULT = ""


@dataclasses.dataclass(frozen=True)
class RecordExamples:
    """Stands in for `Examples` wherever a training reads them.

    Attributes:
        ids, group_ids, texts: As of `Examples`.
        num_frames: Int64 `[n]`, feature frames of each example, 0 where it is at fault.
        faults: `[n]` strings, why the sense cannot use an example; NO_FAULT where it can.
        sources: Each `Records`, or `Examples` that were in memory already.
        source: Int32 `[n]`, the source of each example.
        number: Int64 `[n]`, its number there.
        folder: Folder of the prepared corpus, where what is learned of it may be kept; None: nowhere.
    """

    ids: np.ndarray
    group_ids: np.ndarray
    texts: np.ndarray
    num_frames: np.ndarray
    faults: np.ndarray
    sources: tuple[Records | Examples, ...]
    source: np.ndarray
    number: np.ndarray
    folder: Path | None = None
    long: ClassVar[Mapping] = {}  # none of a training's examples is a `LongWaveform`

    @classmethod
    def of(cls, examples: Examples, sense) -> "RecordExamples":
        """Measure `Examples` in memory, so that they can stand beside those on disk."""
        faults = np.array([sense.fault(examples.raw_of(i)) or NO_FAULT for i in range(len(examples))], object)
        num_frames = np.zeros(len(examples), np.int64)
        usable = np.flatnonzero(faults == NO_FAULT)
        num_frames[usable] = list(feature_lengths(examples, usable, sense))
        columns = examples.ids, examples.group_ids, examples.texts, num_frames, faults
        return cls(*columns, (examples,), np.zeros(len(examples), np.int32), np.arange(len(examples)))

    def __len__(self):
        return len(self.ids)

    def reader(self, sense) -> Callable[[tf.Tensor], tf.Tensor]:
        """Return a function from an index to its raw array, inside of a graph."""
        shape = tf.TensorShape([None, *sense.raw_shape])
        with tf.device("CPU"):  # where tf.data runs
            source, number = (tf.constant(column) for column in (self.source, self.number))
        readers = [_reader_of(each, sense) for each in self.sources]

        def read(index):
            where = number[index]
            if len(readers) == 1:
                return tf.ensure_shape(readers[0](where), shape)
            branches = [lambda reader=reader: tf.ensure_shape(reader(where), shape) for reader in readers]
            return tf.switch_case(source[index], branches)

        return read

    def in_memory(self, sense) -> Examples:
        """Read all raw arrays."""
        read = self.reader(sense)
        arrays = [read(index).numpy() for index in range(len(self))]
        return Examples(
            ids=self.ids, group_ids=self.group_ids, texts=self.texts,
            raw=np.concatenate([np.zeros((0, *sense.raw_shape), sense.raw_dtype), *arrays]),
            splits=np.cumsum([0, *map(len, arrays)], dtype=np.int64),
        )  # fmt: skip

    def select(self, indices: Sequence[int]) -> "RecordExamples":
        """Return the examples at `indices`, in that order."""
        indices = np.asarray(indices, np.int64)
        names = ("ids", "group_ids", "texts", "num_frames", "faults", "source", "number")
        return dataclasses.replace(self, **{name: getattr(self, name)[indices] for name in names})

    def joined(self, other: "RecordExamples") -> "RecordExamples":
        """Return these examples and then the others."""
        names = ("ids", "group_ids", "texts", "num_frames", "faults", "number")
        columns = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names}
        source = np.concatenate([self.source, other.source + np.int32(len(self.sources))])
        sources = (*self.sources, *other.sources)
        return RecordExamples(**columns, source=source, sources=sources, folder=self.folder or other.folder)


def joined(a: Examples | RecordExamples, b: Examples | RecordExamples, sense) -> Examples | RecordExamples:
    """Return the examples of `a` and then those of `b`: in memory where both are."""
    if not len(a) or not len(b):
        return a if len(a) else b
    if isinstance(a, Examples) and isinstance(b, Examples):
        return a + b
    a, b = (RecordExamples.of(each, sense) if isinstance(each, Examples) else each for each in (a, b))
    return a.joined(b)


def _reader_of(source, sense):
    if isinstance(source, Examples):
        return source.reader(sense)
    return lambda number: tf.cast(source.read(number)[sense.raw_key], sense.raw_dtype)
