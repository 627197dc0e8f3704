"""Open live streams: their number is bounded, and all of them are ended when the server is about to end."""

import asyncio
import contextlib
from collections.abc import Iterator


class Streams:
    """Counts streams, and knows the connections behind them.

    Args:
        max_streams: Open at once.
        gauge: Prometheus gauge of their number.

    Attributes:
        is_ending: Whether no stream more is served.
    """

    def __init__(self, max_streams: int, gauge):
        self._max_streams = max_streams
        self._gauge = gauge
        self._num_streams = 0
        self._connections = set()
        self.is_ending = False

    @contextlib.contextmanager
    def place(self) -> Iterator[bool]:
        """Take a place for one more stream; yield whether there was one."""
        is_place = self._num_streams < self._max_streams
        self._change(is_place)
        try:
            yield is_place
        finally:
            self._change(-is_place)

    @contextlib.contextmanager
    def serving(self, connection) -> Iterator[None]:
        """Know a `Connection` while it is served."""
        self._connections.add(connection)
        try:
            yield
        finally:
            self._connections.discard(connection)

    async def end(self, timeout_s: float) -> None:
        """End all streams as if each client had said that nothing follows, so that their last words are answered.

        Args:
            timeout_s: Seconds that this may take.
        """
        self.is_ending = True
        for connection in tuple(self._connections):
            connection.end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._num_streams:
                    await asyncio.sleep(0.02)

    def _change(self, count):
        self._num_streams += count
        self._gauge.set(self._num_streams)
