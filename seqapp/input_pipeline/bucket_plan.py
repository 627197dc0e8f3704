"""Batch plan of a few shapes, for a training step that XLA compiles as a whole: one program per shape.

Augmentation makes some rows longer and others shorter, by how much only their features tell. So rows of some steps, a
group, are made before they are divided into batches, by the lengths that they really have (`length_groups.py`). Which
rows those are, and the shapes, are functions of the corpus, the seed and the step, so that resuming is exact and every
epoch meets the same shapes.
"""

import dataclasses
import functools
import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from seqapp.input_pipeline.batch_plan import BatchPlan, Epoch

BATCHES_PER_BUCKET = 2  # of an epoch, at least: batches that are not full cost more than close lengths save
BATCHES_PER_GROUP = 16  # more would leave less padding (12 % become 9), and hold more memory
ROUND_FRAMES = 8  # frames and labels of a shape are multiples of it
CANDIDATES = 256  # lengths that a bucket may end with
JITTER = 0.03  # of lengths before sorting, so that an example meets other neighbours in every epoch


class Shape(NamedTuple):
    """Size of a padded batch."""

    num_rows: int
    num_frames: int
    num_labels: int


class Group(NamedTuple):
    """Steps whose rows are divided into batches together.

    Attributes:
        first_step: Of them.
        batches: For each step a list of rows, arrays of example indices. Its batch has as many, but others of them.
        shapes: For each step the `Shape` that is expected.
    """

    first_step: int
    batches: list[list[np.ndarray]]
    shapes: list[Shape]


@dataclasses.dataclass(frozen=True)
class BucketPlan(BatchPlan):
    """Batches of as many rows as the shape of a bucket has; only the last batch of an epoch may hold fewer.

    Args:
        most_buckets: Buckets of a large corpus; small ones have fewer.
        ratios: Float `[d]`, factors that augmentation multiplies lengths by, all alike probable, as `stretches` draws
            them.
    """

    most_buckets: int = 8
    ratios: np.ndarray = dataclasses.field(default_factory=lambda: np.ones(1))

    def epoch(self, epoch: int) -> "BucketEpoch":
        """Return the batches of one epoch: every main example once, extra ones up to their share."""
        rng = np.random.default_rng([self.seed, epoch])
        rows = self._rows(rng)
        order = np.argsort(rows.sums(self.num_frames) * rng.uniform(1 - JITTER, 1 + JITTER, len(rows)), kind="stable")
        # As the rows are ranked now they will be when their real lengths are known, nearly.
        bounds = np.rint(self._shares * len(rows)).astype(np.int64)
        starts = []
        numbers = []
        start = 0
        for number, bound in enumerate(bounds.tolist()):
            num_rows = self.shapes[number].num_rows
            count = (bound - start) // num_rows if number < len(bounds) - 1 else -(-(bound - start) // num_rows)
            count = max(0, count)
            starts.append(start + num_rows * np.arange(count))
            numbers.append(np.full(count, number))
            start += num_rows * count
        return BucketEpoch(rows, order, np.concatenate(starts), rng, np.concatenate(numbers))

    def step_groups(self, start_step: int = 0) -> Iterator[Group]:
        """Yield the `Group`s from that of `start_step` on, for ever."""
        first_step = 0
        for epoch in itertools.count():
            plan = self.epoch(epoch)
            if first_step + len(plan) > start_step:
                for start, end in itertools.pairwise(plan.bounds):
                    if first_step + end > start_step:
                        shapes = [self.shapes[plan.bucket(step)] for step in range(start, end)]
                        yield Group(first_step + start, plan[start:end], shapes)
            first_step += len(plan)

    @functools.cached_property
    def shapes(self) -> list[Shape]:
        """The `Shape` of each bucket, shortest first."""
        return [
            Shape(min(self.max_batch_size, max(1, self.batch_frames // num_frames)), num_frames, num_labels)
            for num_frames, num_labels in self.paddings[: len(self._ends)].tolist()
        ]

    @functools.cached_property
    def paddings(self) -> np.ndarray:
        """Frames and labels that batches are padded to, int64 `[n, 2]`, rising.

        Those of the shapes, and some beyond the longest in steps of an eighth, up to twice as long: augmentation draws
        some rows longer than it was seen to do.
        """
        rows = self._rows(np.random.default_rng([self.seed, 0]))
        shortest = rows.sums(self.num_frames) * self.ratios.min()
        labels = rows.sums(self.num_labels) + rows.sizes - 1  # a space between joined ones
        frames = np.unique([_rounded(end) for end in self._ends])
        frames = np.append(frames, frames[-1] + _rounded(frames[-1] / 8) * np.arange(1, 9))
        most = [_rounded(max(1, labels[shortest <= length].max(initial=1))) for length in frames]
        return np.stack([frames, most], axis=1)

    def padded(self, num_rows: int, num_frames: int, num_labels: int) -> Shape:
        """Return the `Shape` that a batch of so many rows, frames and labels is padded to."""
        frames, labels = self.paddings.T
        place = int(np.searchsorted(frames, num_frames))
        fitting = labels[place:][labels[place:] >= num_labels]
        return Shape(num_rows, int(np.append(frames, num_frames)[place]), int(np.append(fitting, num_labels)[0]))

    @functools.cached_property
    def _ends(self):
        """Longest length of each bucket, int64, rising."""
        lengths = self._lengths
        num_batches = max(lengths.sum() // self.batch_frames, len(lengths) // self.max_batch_size)
        ends = bucket_ends(lengths, int(np.clip(num_batches // BATCHES_PER_BUCKET, 1, self.most_buckets)))
        return ends[np.append(np.diff([_rounded(end) for end in ends]) > 0, True)]  # one bucket for each padded length

    @functools.cached_property
    def _shares(self):
        """Share of the rows that are no longer than each bucket's end, float64, rising to 1."""
        return np.searchsorted(np.sort(self._lengths), self._ends, side="right") / len(self._lengths)

    @functools.cached_property
    def _lengths(self):
        """Lengths of rows as augmentation may draw them, int64."""
        rng = np.random.default_rng([self.seed, 0])
        lengths = self._rows(rng).sums(self.num_frames)
        return np.maximum(1, np.rint(lengths * rng.choice(self.ratios, len(lengths)))).astype(np.int64)


class BucketEpoch(Epoch):
    """Batches of one epoch in groups, each with about as many batches of each bucket as the others.

    Args:
        rows, order, starts, rng: As of `Epoch`.
        numbers: Int `[number of batches]`, rising: the bucket of each batch.
    """

    def __init__(self, rows, order: np.ndarray, starts: np.ndarray, rng: np.random.Generator, numbers: np.ndarray):
        super().__init__(rows, order, starts, rng)
        self._numbers = numbers

    @functools.cached_property
    def _groups(self):
        num_groups = max(1, round(len(self) / BATCHES_PER_GROUP))
        # Batches of one bucket lie in random order behind each other, and every group takes its share of them.
        order = np.lexsort((self._rng.random(len(self)), self._numbers))
        return [self._rng.permutation(order[group::num_groups]) for group in self._rng.permutation(num_groups)]

    @functools.cached_property
    def _places(self):
        return np.concatenate(self._groups)

    @property
    def bounds(self) -> list[int]:
        """Where each group begins among the batches, and the end of the last one."""
        return [0, *np.cumsum([len(group) for group in self._groups]).tolist()]

    def bucket(self, index: int) -> int:
        """Return the number of the bucket of a batch."""
        return int(self._numbers[self._places[index]])


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


def _rounded(number):
    return int(-(-number // ROUND_FRAMES) * ROUND_FRAMES)
