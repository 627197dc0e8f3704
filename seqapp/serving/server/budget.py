"""Memory budget of a server: predicted megabytes of all requests in flight, reserved before they are allocated."""

import contextlib
import threading
from collections.abc import Callable, Iterator

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings

SMALL_MB = 8.0  # of a computation: such a one is let in by the length of its queue alone
RETRY_AFTER_S = 1
BYTES_PER_JSON_VALUE = 200  # twice what a list of one number and its array take: parsing keeps all others waiting

JSON_MARKS = (b",", b"[", b"{", b":")
COUNTED_AT_ONCE = 1 << 18  # bytes: a fraction of a millisecond


class Budget:
    """Counts what is reserved. For any thread.

    Args:
        settings: `Settings`.
    """

    def __init__(self, settings: Settings):
        self._most_each_mb = settings.max_cost_mb
        self._most_mb = settings.max_memory_mb
        self._lock = threading.Lock()
        self.reserved_mb = 0.0

    def check(self, megabytes: float) -> None:
        """Refuse a request that is too large whatever else is in flight.

        Raises:
            Refusal: RESOURCE_EXHAUSTED, 413.
        """
        if megabytes > self._most_each_mb:
            message = (
                f"Expected a request whose computation takes at most {self._most_each_mb:g} MB of memory. Predicted: "
                f"{megabytes:,.0f} MB. Send fewer or shorter examples at once."
            )
            raise Refusal("RESOURCE_EXHAUSTED", message, http_status=413)

    def reserve(self, megabytes: float, small_mb: float = 0.0) -> None:
        """Reserve memory, to be given back by `release`.

        Args:
            megabytes: Predicted.
            small_mb: As much is reserved whatever else is.

        Raises:
            Refusal: 413 as `check`; UNAVAILABLE where too much is reserved by others.
        """
        self.check(megabytes)
        with self._lock:
            if megabytes > small_mb and self.reserved_mb + megabytes > self._most_mb:
                raise Refusal("UNAVAILABLE", "The server has no memory left for this. Retry later.", RETRY_AFTER_S)
            self.reserved_mb += megabytes

    def release(self, megabytes: float) -> None:
        """Give back what was reserved."""
        with self._lock:
            self.reserved_mb -= megabytes

    @contextlib.contextmanager
    def reserved(self, megabytes: float) -> Iterator[None]:
        """Reserve memory for the time inside.

        Raises:
            Refusal: As `reserve`.
        """
        self.reserve(megabytes)
        try:
            yield
        finally:
            self.release(megabytes)

    @contextlib.contextmanager
    def growing(self) -> Iterator[Callable[[float], None]]:
        """Reserve memory little by little; yields a function of megabytes, whose sum is given back at the end.

        Raises:
            Refusal: As `reserve`, by that function.
        """
        parts = []

        def grow(megabytes):
            self.reserve(megabytes)
            parts.append(megabytes)

        try:
            yield grow
        finally:
            self.release(sum(parts))


class JsonCount:
    """Predicts the memory of JSON that comes in parts."""

    def __init__(self):
        self._megabytes = 0.0

    def add(self, part: bytes) -> float:
        """Count a part; the megabytes of all parts so far, as `json_megabytes` predicts them."""
        self._megabytes += json_megabytes(part)
        return self._megabytes


def json_megabytes(body: bytes) -> float:
    """Predict the memory of parsed JSON from its brackets and commas: more than there are values."""
    return (1 + count_marks(body, JSON_MARKS)) * BYTES_PER_JSON_VALUE / 1e6


def count_marks(content: bytes, marks: tuple[bytes, ...]) -> int:
    """Count single bytes, in pieces, since no other thread runs while one is counted."""
    starts = range(0, len(content), COUNTED_AT_ONCE)
    return sum(content.count(mark, start, start + COUNTED_AT_ONCE) for start in starts for mark in marks)
