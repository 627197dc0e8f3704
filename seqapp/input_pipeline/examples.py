"""A corpus in memory: what shuffling, bucketing and exact resuming need random access to."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Examples:
    """Raw examples of any number, their points side by side in one array.

    A text line of pen ink holds about 1,000 points or 16 kB, so that 60,000 lines fit into 1 GB.

    Attributes:
        ids: `[n]` strings, unique.
        writer_ids: `[n]` strings, hashed.
        texts: `[n]` strings, normalised labels.
        points: Float32 `[sum of N, 4]`, columns x, y (down), time_s, pen_up.
        splits: Int64 `[n + 1]`: example i owns points[splits[i]:splits[i + 1]].
    """

    ids: np.ndarray
    writer_ids: np.ndarray
    texts: np.ndarray
    points: np.ndarray
    splits: np.ndarray

    @classmethod
    def from_iterable(cls, examples, normalize=str):
        """Collect dicts with `id`, `writer_id`, `text` (str or bytes) and `points`, as TFDS gives them."""
        examples = list(examples)
        columns = {
            key: np.array([_as_text(example[key]) for example in examples], dtype=object)
            for key in ("id", "writer_id", "text")
        }
        points = [np.asarray(example["points"], np.float32).reshape(-1, 4) for example in examples]
        return cls(
            ids=columns["id"],
            writer_ids=columns["writer_id"],
            texts=np.array([normalize(text) for text in columns["text"]], dtype=object),
            points=np.concatenate([np.zeros((0, 4), np.float32), *points]),
            splits=np.cumsum([0] + [len(p) for p in points], dtype=np.int64),
        )

    def __len__(self):
        return len(self.ids)

    def points_of(self, index):
        return self.points[self.splits[index] : self.splits[index + 1]]

    def select(self, indices):
        """The examples at `indices`, in that order."""
        indices = np.asarray(indices, np.int64)
        points = [self.points_of(i) for i in indices]
        return Examples(
            ids=self.ids[indices],
            writer_ids=self.writer_ids[indices],
            texts=self.texts[indices],
            points=np.concatenate([np.zeros((0, 4), np.float32), *points]),
            splits=np.cumsum([0] + [len(p) for p in points], dtype=np.int64),
        )

    def __add__(self, other):
        return Examples(
            ids=np.concatenate([self.ids, other.ids]),
            writer_ids=np.concatenate([self.writer_ids, other.writer_ids]),
            texts=np.concatenate([self.texts, other.texts]),
            points=np.concatenate([self.points, other.points]),
            splits=np.concatenate([self.splits, other.splits[1:] + self.splits[-1]]),
        )


def _as_text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
