"""In-memory corpus of raw examples: random access for shuffling, bucketing and exact resuming."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from seqapp.datasets.image.page_picture import PagePicture
from seqapp.datasets.speech.long_waveform import LongWaveform


@dataclasses.dataclass(frozen=True)
class Examples:
    """Raw examples of any number, their arrays end to end in one.

    A text line of pen ink holds about 1,000 points or 16 kB, so that 60,000 lines fit into 1 GB; an hour of speech at
    16 kHz has 115 MB.

    Attributes:
        ids: `[n]` strings, unique.
        group_ids: `[n]` strings: the writer or speaker, hashed; "" where unknown.
        texts: `[n]` strings, normalised labels.
        raw: `[sum of N, ...]`, of the type and shape that the sense says: points float32 `[., 4]`, samples int16 `[.]`.
        splits: Int64 `[n + 1]`: example i owns raw[splits[i]:splits[i + 1]].
        long: By index, each `LongWaveform` of a recording that is too long for `raw`, or `PagePicture` of a whole
            page; only those that are to be transcribed have any.
    """

    ids: np.ndarray
    group_ids: np.ndarray
    texts: np.ndarray
    raw: np.ndarray
    splits: np.ndarray
    long: Mapping[int, LongWaveform | PagePicture] = dataclasses.field(default_factory=dict)

    @classmethod
    def from_iterable(cls, records: Iterable[dict], sense, normalize: Callable[[str], str] = str) -> "Examples":
        """Collect what a corpus yields.

        Args:
            records: Dicts with `id`, `text` and what `sense` names its raw array and its groups: `points` and
                `writer_id`, say. Strings may be bytes, as TFDS gives them.
            sense: `Sense` or its class.
            normalize: Function from a label to the label that the model learns.
        """
        columns = {key: [] for key in ("id", sense.group_key, "text")}
        arrays = []
        long = {}
        for record in records:
            _check_keys(record, (*columns, sense.raw_key), sense)
            for key, column in columns.items():
                column.append(as_text(record[key]))
            raw = record[sense.raw_key]
            if isinstance(raw, LongWaveform | PagePicture):
                long[len(arrays)] = raw
                raw = ()
            arrays.append(np.asarray(raw, sense.raw_dtype).reshape(-1, *sense.raw_shape))
        return cls(
            ids=np.array(columns["id"], object),
            group_ids=np.array(columns[sense.group_key], object),
            texts=np.array([normalize(text) for text in columns["text"]], object),
            raw=np.concatenate([np.zeros((0, *sense.raw_shape), sense.raw_dtype), *arrays]),
            splits=np.cumsum([0, *map(len, arrays)], dtype=np.int64),
            long=long,
        )

    def __len__(self):
        return len(self.ids)

    def raw_of(self, index: int) -> np.ndarray | LongWaveform | PagePicture:
        return self.long[index] if index in self.long else self.raw[self.splits[index] : self.splits[index + 1]]

    def reader(self, sense) -> Callable[[tf.Tensor], tf.Tensor]:
        """Return a function from an index to its raw array, inside of a graph."""
        with tf.device("CPU"):  # where tf.data runs; a GPU would lose memory to them
            raw = tf.constant(self.raw)
            splits = tf.constant(self.splits)
        return lambda index: raw[splits[index] : splits[index + 1]]

    def select(self, indices: Sequence[int]) -> "Examples":
        """Return the examples at `indices`, in that order."""
        indices = np.asarray(indices, np.int64)
        if np.array_equal(indices, np.arange(len(self))):
            return self  # a corpus of gigabytes is not copied for nothing
        arrays = [self.raw[self.splits[i] : self.splits[i + 1]] for i in indices]
        return Examples(
            ids=self.ids[indices],
            group_ids=self.group_ids[indices],
            texts=self.texts[indices],
            raw=np.concatenate([self.raw[:0], *arrays]),
            splits=np.cumsum([0, *map(len, arrays)], dtype=np.int64),
            long={place: self.long[i] for place, i in enumerate(indices.tolist()) if i in self.long},
        )

    def __add__(self, other):
        if not len(self) or not len(other):
            return self if len(self) else other
        return Examples(
            ids=np.concatenate([self.ids, other.ids]),
            group_ids=np.concatenate([self.group_ids, other.group_ids]),
            texts=np.concatenate([self.texts, other.texts]),
            raw=np.concatenate([self.raw, other.raw]),
            splits=np.concatenate([self.splits, other.splits[1:] + self.splits[-1]]),
            long={**self.long, **{len(self) + i: raw for i, raw in other.long.items()}},
        )


def _check_keys(record, expected, sense):
    if missing := [key for key in expected if key not in record]:
        raise ValueError(
            f"Expected examples of {sense.name} with {', '.join(expected)}. Received: {', '.join(record)}, without "
            f"{', '.join(missing)}. Is this corpus of the sense that the recipe's features are for?"
        )


def as_text(value: str | bytes) -> str:
    """Return a string of a record, which TFDS gives as bytes."""
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
