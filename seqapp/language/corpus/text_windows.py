"""Windows of a text for truncated backpropagation: each row of a batch reads its own part from end to end."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np


class Window(NamedTuple):
    """What one step of training reads.

    Attributes:
        tokens: Int32 `[B, T]`.
        targets: Int32 `[B, T]`, the token behind each.
        is_first: Whether the rows begin anew: their state is forgotten.
    """

    tokens: np.ndarray
    targets: np.ndarray
    is_first: bool


class Windows:
    """The windows of a text, a function of the step: nothing needs to be kept for resuming.

    Every epoch begins a few tokens later than the one before, so that windows are cut elsewhere.

    Args:
        ids: Int32 `[N]`, the text.
        before: The token that stands before it.
        batch_size: B.
        window: T.
    """

    def __init__(self, ids, before: int, batch_size: int, window: int):
        length = len(ids) // batch_size
        self._ids = ids  # as it is: it may be a file of gigabytes
        self._before = before
        self._window = min(window, length)
        self._starts = np.arange(batch_size) * length
        # A shift of up to one window, but never one that leaves no window.
        self._shifts = max(1, min(self._window, length - self._window + 1))
        self.per_epoch = max(1, (length - self._shifts + 1) // self._window)

    def at(self, step: int) -> Window:
        """Return the window of step 0, 1, 2, ..."""
        epoch, place = divmod(step, self.per_epoch)
        start = (epoch * 53) % self._shifts + place * self._window
        piece = np.stack([self._read(row + start, self._window + 1) for row in self._starts])
        return Window(piece[:, :-1], piece[:, 1:], place == 0)

    def since(self, step: int) -> Iterator[dict]:
        """Return the windows from a step on, for ever, as dicts."""
        return (self.at(number)._asdict() for number in itertools.count(step))

    def _read(self, start, count):
        """Read tokens of the text, int32 `[count]`; its first is the one that stands before it."""
        if start:
            return np.asarray(self._ids[start - 1 : start - 1 + count], np.int32)
        return np.concatenate([[self._before], self._ids[: count - 1]]).astype(np.int32)
