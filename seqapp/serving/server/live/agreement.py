"""Stable part of partial results: the common beginning of the last readings."""

import collections
import math
import os


class Agreement:
    """Finds the common beginning of all readings of a time window.

    A bidirectional model may change the first letter when the last one is written, so that nothing is ever certain; but
    a text that stood unchanged for a while mostly stays. One rule holds while the pen moves and when it rests: then the
    text itself becomes old, and all of it is stable.

    Args:
        window_s: Length of the window.
    """

    def __init__(self, window_s: float):
        self._window_s = window_s
        self._readings = collections.deque([(-math.inf, "")])  # (since when, text); also that at the window's begin

    def add(self, text: str, now_s: float) -> str:
        """Add a reading.

        Args:
            text: The reading.
            now_s: Its time.

        Returns:
            Its stable beginning.
        """
        if text != self._readings[-1][1]:
            self._readings.append((now_s, text))
        return self.stable_text(now_s)

    def stable_text(self, now_s: float) -> str:
        """Get the stable beginning of the last reading."""
        while len(self._readings) > 1 and self._readings[1][0] <= now_s - self._window_s:
            self._readings.popleft()
        return os.path.commonprefix([text for _, text in self._readings])

    @property
    def settled_s(self) -> float:
        """Time at which all of the last reading is stable, if no other comes; -infinity where it is so already."""
        return self._readings[-1][0] + self._window_s if len(self._readings) > 1 else -math.inf
