"""Which part of a text that is read again and again may be trusted: what the last readings agree on."""

import collections
import math
import os


class Agreement:
    """The common beginning of all readings of the last while.

    A bidirectional model may change its mind about the first letter when the last one is written, so that nothing is
    ever certain; but what stood unchanged for a while mostly stays. One rule holds while the pen moves and when it
    rests: then the text itself becomes old, and all of it is stable.

    Args:
        window_s: The while.
    """

    def __init__(self, window_s: float):
        self._window_s = window_s
        self._readings = collections.deque([(-math.inf, "")])  # (since when, text); what held when the while began too

    def add(self, text: str, now_s: float) -> str:
        """One reading more, at a time; the stable beginning of it."""
        if text != self._readings[-1][1]:
            self._readings.append((now_s, text))
        return self.stable_text(now_s)

    def stable_text(self, now_s: float) -> str:
        """The stable beginning of the last reading."""
        while len(self._readings) > 1 and self._readings[1][0] <= now_s - self._window_s:
            self._readings.popleft()
        return os.path.commonprefix([text for _, text in self._readings])

    @property
    def settled_s(self) -> float:
        """When all of the last reading is stable, if no other comes; -infinity where it is so already."""
        return self._readings[-1][0] + self._window_s if len(self._readings) > 1 else -math.inf
