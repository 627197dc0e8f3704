"""Batch plan: the examples of each batch, a pure function of the lengths, the seed and the step.

Because the order is computed and not drawn from a stream, the whole state of the input pipeline is the number of
the next step: resuming after kill -9 is exact, costs nothing, and every worker of a distributed run knows the
whole global batch.
"""

import dataclasses
import itertools
from collections.abc import Iterator

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

    def epoch(self, epoch: int) -> list[list[np.ndarray]]:
        """Return the batches of one epoch: every main example once, extra ones up to their share."""
        rng = np.random.default_rng([self.seed, epoch])
        rows = [np.array([i]) for i in np.flatnonzero(~self.is_extra)] + self._extra_rows(rng)
        frames = np.array([self.num_frames[row].sum() for row in rows])
        # Jitter before sorting, so that an example meets other neighbours in every epoch.
        order = np.argsort(frames * rng.uniform(0.9, 1.1, len(rows)), kind="stable")
        batches = cut([rows[i] for i in order], frames[order], self.batch_frames, self.max_batch_size)
        return [batches[i] for i in rng.permutation(len(batches))]

    def _extra_rows(self, rng):
        num_labels = self.num_labels[~self.is_extra].sum() * self.extra_share / (1 - self.extra_share)
        rows = []
        num_drawn = 0
        for row in self._joined(rng):
            if num_drawn >= num_labels:
                break
            rows.append(row)
            num_drawn += self.num_labels[row].sum() + len(row) - 1
        return rows

    def _joined(self, rng):
        """Return extra examples in random order, cut into rows of 1..longest_row of one group."""
        extra = rng.permutation(np.flatnonzero(self.is_extra))
        by_group = extra[np.argsort(self.groups[extra].astype(str), kind="stable")]
        groups = self.groups[by_group]
        # Unknown ones, "", need not be the same.
        boundaries = np.flatnonzero((groups[1:] != groups[:-1]) | (groups[1:] == "")) + 1
        rows = []
        for group in np.split(by_group, boundaries):
            sizes = rng.integers(1, self.longest_row + 1, len(group))
            cuts = np.cumsum(sizes)
            rows.extend(row for row in np.split(group, cuts[cuts < len(group)]) if len(row))
        return [rows[i] for i in rng.permutation(len(rows))]


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
    batches = []
    start = 0
    longest = 0
    for end, length in enumerate(frames):
        longest = max(longest, length)
        if end > start and ((end - start + 1) * longest > batch_frames or end - start == max_batch_size):
            batches.append(rows[start:end])
            start = end
            longest = length
    return [*batches, rows[start:]] if rows else []
