"""Batch plan: the examples of each batch, a pure function of the lengths, the seed and the step.

Because the order is computed and not drawn from a stream, the whole state of the input pipeline is the number of
the next step: resuming after kill -9 is exact, costs nothing, and every worker of a distributed run knows the
whole global batch.
"""

import dataclasses
import functools
import itertools
from collections.abc import Iterator, Sequence

import numpy as np


@dataclasses.dataclass(frozen=True)
class BatchPlan:
    """Batches of similar length, in a new random order each epoch.

    Args:
        num_frames: Int `[n]`, feature frames of each usable example.
        num_labels: Int `[n]`, label length of each.
        groups: `[n]` writers or speakers, "" where unknown: only examples of one known group are joined.
        is_extra: Bool `[n]`: False for the main corpus, True for what is mixed in.
        extra_share: Share of the labels of an epoch drawn from the extra examples.
        longest_row: Extra examples of one group joined into one: a number in 1..longest_row, drawn each time.
        batch_frames: Padded frames in a batch.
        max_batch_size: Rows in a batch.
        seed: Of the order.
    """

    num_frames: np.ndarray
    num_labels: np.ndarray
    groups: np.ndarray
    is_extra: np.ndarray
    extra_share: float
    longest_row: int
    batch_frames: int
    max_batch_size: int
    seed: int

    shapes = ()  # that batches are padded to: none, their rows and the longest of them decide

    def __post_init__(self):
        if not np.any(~self.is_extra):
            raise ValueError("No usable training example. Expected at least one; see the skipped examples above.")

    def batches(self, start_step: int = 0) -> Iterator[tuple[int, list[np.ndarray]]]:
        """Yield (step, rows) from `start_step` on, for ever; rows is a list of arrays of example indices."""
        first_step = 0
        for epoch in itertools.count():
            plan = self.epoch(epoch)
            for step in range(max(first_step, start_step), first_step + len(plan)):
                yield step, plan[step - first_step]
            first_step += len(plan)

    def epoch(self, epoch: int) -> "Epoch":
        """Return the batches of one epoch: every main example once, extra ones up to their share."""
        rng = np.random.default_rng([self.seed, epoch])
        rows = self._rows(rng)
        frames = rows.sums(self.num_frames)
        # Jitter before sorting, so that an example meets other neighbours in every epoch.
        order = _stable_order(frames * rng.uniform(0.9, 1.1, len(frames)))
        starts = cuts(frames[order], self.batch_frames, self.max_batch_size)
        return Epoch(rows, order, starts, rng)

    def _rows(self, rng):
        """Return the rows of an epoch: the main examples, then extra ones."""
        rows = self._main_rows
        return rows.joined(self._extra_rows(rng)) if len(self._extra) else rows

    @functools.cached_property
    def _main(self):
        return np.flatnonzero(~self.is_extra)

    @functools.cached_property
    def _main_rows(self):
        return _Rows(self._main, np.arange(len(self._main)), np.ones(len(self._main), np.int64))

    @functools.cached_property
    def _extra(self):
        return np.flatnonzero(self.is_extra)

    @functools.cached_property
    def _group_numbers(self):
        """Number the groups in the order of their names; -1 where a group is unknown."""
        names, numbers = np.unique(self.groups.astype(str), return_inverse=True)
        return np.where(names == "", -1, np.arange(len(names)))[numbers.reshape(-1)]

    def _extra_rows(self, rng):
        """Return rows of joined extra examples in random order, as many as their share of the labels allows."""
        num_labels = self.num_labels[self._main].sum() * self.extra_share / (1 - self.extra_share)
        rows = self._joined(rng)
        rows = rows.take(rng.permutation(len(rows)))
        costs = rows.sums(self.num_labels) + rows.sizes - 1
        before = np.cumsum(costs) - costs
        return rows.take(np.arange(np.searchsorted(before, num_labels)))

    def _joined(self, rng):
        """Return extra examples in random order, cut into rows of 1..longest_row of one group."""
        extra = rng.permutation(self._extra)
        by_group = extra[np.argsort(self._group_numbers[extra], kind="stable")]
        groups = self._group_numbers[by_group]
        # Unknown ones, -1, need not be the same.
        is_first = np.ones(len(groups), bool)
        is_first[1:] = (groups[1:] != groups[:-1]) | (groups[1:] == -1)
        group_starts = np.flatnonzero(is_first)
        group_ends = np.append(group_starts[1:], len(groups))
        sizes = rng.integers(1, self.longest_row + 1, len(groups))
        # The sizes drawn for a group are as many as its examples: those behind its end are not needed.
        ends = np.cumsum(sizes)
        group = np.cumsum(is_first) - 1
        ends = ends - (ends - sizes)[group_starts][group] + group_starts[group]
        starts = np.union1d(group_starts, ends[ends < group_ends[group]])
        return _Rows(by_group, starts, np.diff(starts, append=len(by_group)))


class Epoch(Sequence):
    """Batches of one epoch, each a list of arrays of example indices, made when they are asked for.

    Args:
        rows: `_Rows`, all of them.
        order: Int `[R]`, the rows by length.
        starts: Int `[number of batches]`, where each batch begins in that order.
        rng: Draws the order of the batches, once it matters: counting an epoch costs no permutation.
    """

    def __init__(self, rows: "_Rows", order: np.ndarray, starts: np.ndarray, rng: np.random.Generator):
        self._rows = rows
        self._order = order
        self._bounds = np.append(starts, len(order))
        self._rng = rng

    @functools.cached_property
    def _places(self):
        return self._rng.permutation(len(self))

    def __len__(self):
        return len(self._bounds) - 1

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = self._places[index]
        return [self._rows[row] for row in self._order[self._bounds[place] : self._bounds[place + 1]]]


@dataclasses.dataclass(frozen=True)
class _Rows:
    """Rows of examples as three arrays: row r holds members[starts[r] : starts[r] + sizes[r]]."""

    members: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray

    def __len__(self):
        return len(self.starts)

    def __getitem__(self, row):
        return self.members[self.starts[row] : self.starts[row] + self.sizes[row]]

    def take(self, rows):
        return _Rows(self.members, self.starts[rows], self.sizes[rows])

    def joined(self, other):
        members = np.concatenate([self.members, other.members])
        starts = np.concatenate([self.starts, other.starts + len(self.members)])
        return _Rows(members, starts, np.concatenate([self.sizes, other.sizes]))

    def sums(self, values):
        """Sum a number of every example over each row."""
        ends = np.concatenate([[0], np.cumsum(values[self.members])])
        return ends[self.starts + self.sizes] - ends[self.starts]


def _stable_order(values):
    """Sort as argsort with kind="stable" does, in a fraction of the time: ties are rare, and only they need it."""
    order = np.argsort(values)
    ordered = values[order]
    return np.argsort(values, kind="stable") if np.any(ordered[1:] == ordered[:-1]) else order


def cut(rows: list, frames: np.ndarray, batch_frames: int, max_batch_size: int) -> list[list]:
    """Cut rows sorted by length into batches.

    Args:
        rows: List of anything.
        frames: Int `[len(rows)]`, rising (nearly, where lengths were jittered).
        batch_frames: Padded frames in a batch; a longer row stands alone.
        max_batch_size: Rows in a batch.

    Returns:
        List of lists of rows, in their order.
    """
    bounds = [*cuts(frames, batch_frames, max_batch_size), len(rows)]
    return [rows[start:end] for start, end in itertools.pairwise(bounds)]


def cuts(frames: np.ndarray, batch_frames: int, max_batch_size: int) -> np.ndarray:
    """Return int64 `[number of batches]`, where the batches of `cut` begin."""
    starts = []
    start = 0
    longest = 0
    for end, length in enumerate(frames.tolist()):  # plain integers: five times as fast as NumPy's one by one
        if length > longest:
            longest = length
        if end > start and ((end - start + 1) * longest > batch_frames or end - start == max_batch_size):
            starts.append(start)
            start = end
            longest = length
    return np.array([*starts, start] if len(frames) else [], np.int64)
