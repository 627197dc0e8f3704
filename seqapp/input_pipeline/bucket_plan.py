"""Batch plan of a few shapes, for a training step that XLA compiles as a whole: one program per shape.

Batches of a bucket have its number of rows, and are padded to its frames and labels. Buckets are a function of the
corpus alone, so that every epoch, and every resumed run, meets the same shapes.
"""

import dataclasses
import functools
from typing import NamedTuple

import numpy as np

from seqapp.input_pipeline.batch_plan import BatchPlan, Epoch

BATCHES_PER_BUCKET = 2  # of an epoch, at least: batches that are not full cost more than close lengths save
ROUND_FRAMES = 8  # frames and labels of a shape are multiples of it
CANDIDATES = 256  # lengths that a bucket may end with


class Shape(NamedTuple):
    """Size of a padded batch."""

    num_rows: int
    num_frames: int
    num_labels: int


@dataclasses.dataclass(frozen=True)
class BucketPlan(BatchPlan):
    """Batches of one bucket each, in a new random order each epoch; within a bucket any row meets any other.

    What is left of a bucket goes to the next longer one, and the last batch of an epoch may hold fewer rows.

    Args:
        most_buckets: Buckets of a large corpus; small ones have fewer.
        stretch: By how much augmentation may lengthen an example, as a factor. A batch that holds a longer one is
            padded to the next shape's frames.
    """

    most_buckets: int = 16
    stretch: float = 1.0

    def epoch(self, epoch: int) -> Epoch:
        """Return the batches of one epoch: every main example once, extra ones up to their share."""
        rng = np.random.default_rng([self.seed, epoch])
        rows = self._rows(rng)
        bucket = np.minimum(np.searchsorted(self._ends, rows.sums(self.num_frames)), len(self._ends) - 1)
        order = []
        starts = []
        count = 0
        rest = np.zeros(0, np.int64)
        for number, shape in enumerate(self.shapes):
            members = np.concatenate([rest, rng.permutation(np.flatnonzero(bucket == number))])
            used = len(members) // shape.num_rows * shape.num_rows
            order.append(members[:used])
            starts.append(count + np.arange(0, used, shape.num_rows))
            count += used
            rest = members[used:]
        if len(rest):
            order.append(rest)
            starts.append([count])
        return Epoch(rows, np.concatenate(order), np.concatenate(starts).astype(np.int64), rng)

    def shape(self, rows: list[np.ndarray]) -> Shape:
        """Return the `Shape` of a batch: that of the shortest bucket that holds its longest row."""
        longest = max(self.num_frames[row].sum() for row in rows)
        return self.shapes[min(np.searchsorted(self._ends, longest), len(self._ends) - 1)]

    @functools.cached_property
    def shapes(self) -> list[Shape]:
        """The `Shape` of each bucket, shortest first."""
        rows = self._rows(np.random.default_rng([self.seed, 0]))
        frames = rows.sums(self.num_frames)
        labels = rows.sums(self.num_labels) + rows.sizes - 1  # a space between joined ones
        bucket = np.searchsorted(self._ends, frames)
        shapes = []
        for number, end in enumerate(self._ends):
            num_frames = _rounded(end * self.stretch)
            num_rows = min(self.max_batch_size, max(1, self.batch_frames // num_frames))
            # Some row of a longer bucket may have come from here.
            shapes.append(Shape(num_rows, num_frames, _rounded(labels[bucket <= number].max())))
        return shapes

    @functools.cached_property
    def _ends(self):
        """Longest nominal length of each bucket, int64, rising."""
        lengths = self._rows(np.random.default_rng([self.seed, 0])).sums(self.num_frames)
        num_batches = max(lengths.sum() // self.batch_frames, len(lengths) // self.max_batch_size)
        return bucket_ends(lengths, int(np.clip(num_batches // BATCHES_PER_BUCKET, 1, self.most_buckets)))


def bucket_ends(lengths: np.ndarray, num_buckets: int) -> np.ndarray:
    """Cut lengths into buckets so that padding each to the longest of its bucket costs least (dynamic programming).

    Args:
        lengths: Int `[n]`, at least one.
        num_buckets: At most so many.

    Returns:
        Int64 `[b]`, the longest length of each bucket, rising.
    """
    ordered = np.sort(lengths)
    places = np.linspace(0, len(ordered) - 1, CANDIDATES).round().astype(np.int64)
    ends = np.unique(ordered[places])
    counts = np.searchsorted(ordered, ends, side="right")
    # Of one bucket from behind end i to end j, in frames; none goes back.
    costs = (counts[np.newaxis] - counts[:, np.newaxis]) * ends[np.newaxis].astype(np.float64)
    costs[np.tril_indices(len(ends), -1)] = np.inf
    best = counts * ends.astype(np.float64)
    chosen = []
    for _ in range(num_buckets - 1):
        totals = best[:, np.newaxis] + costs
        chosen.append(totals.argmin(axis=0))
        best = totals.min(axis=0)
    places = [len(ends) - 1]
    for before in reversed(chosen):
        places.append(before[places[-1]])
    return np.unique(ends[places])


def padded_frames(shapes: list[Shape]) -> np.ndarray:
    """Return the lengths that batches are padded to, int64, rising: those of the shapes, and some beyond the longest.

    Augmentation draws some rows longer than it was seen to do; beyond the longest there are steps of an eighth, up to
    twice as long.
    """
    lengths = np.unique([shape.num_frames for shape in shapes])
    return np.append(lengths, lengths[-1] + _rounded(lengths[-1] / 8) * np.arange(1, 9))


def _rounded(number):
    return int(-(-number // ROUND_FRAMES) * ROUND_FRAMES)
