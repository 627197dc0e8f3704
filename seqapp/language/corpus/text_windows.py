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
        text = np.concatenate([[before], ids]).astype(np.int32)
        length = (len(text) - 1) // batch_size
        self._window = min(window, length)
        starts = np.arange(batch_size) * length
        self._rows = np.stack([text[start : start + length + 1] for start in starts])
        # A shift of up to one window, but never one that leaves no window.
        self._shifts = max(1, min(self._window, length - self._window + 1))
        self.per_epoch = max(1, (length - self._shifts + 1) // self._window)

    def at(self, step: int) -> Window:
        """Return the window of step 0, 1, 2, ..."""
        epoch, place = divmod(step, self.per_epoch)
        start = (epoch * 53) % self._shifts + place * self._window
        piece = self._rows[:, start : start + self._window + 1]
        return Window(piece[:, :-1], piece[:, 1:], place == 0)

    def since(self, step: int) -> Iterator[dict]:
        """Return the windows from a step on, for ever, as dicts."""
        return (self.at(number)._asdict() for number in itertools.count(step))
