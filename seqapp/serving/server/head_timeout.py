"""HTTP/1.1 with a timeout for request heads, and for answers that are not read.

uvicorn (0.54) waits for such clients as long as they stay: each costs a file of the process, or its answer's memory.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 10.0  # in which not a byte of an answer was read


class HeadTimeoutProtocol(H11Protocol):
    """`H11Protocol` with a time limit for the head of each request, and for each part of an answer to be read."""

    head_timeout: asyncio.TimerHandle | None = None
    read_timeout: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._await_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self.head_timeout.cancel()
        self._cancel_read_timeout()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_read(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        self._cancel_read_timeout()
        super().resume_writing()

    def _await_read(self, num_bytes):
        self.read_timeout = self.loop.call_later(READ_TIMEOUT_S, self._abort_unread, num_bytes)

    def _abort_unread(self, num_bytes):
        """Abort where as many bytes wait as before; closing would wait for them to be read."""
        remaining = self.transport.get_write_buffer_size()
        if remaining < num_bytes:
            self._await_read(remaining)
        else:
            self.transport.abort()

    def _cancel_read_timeout(self):
        if self.read_timeout:
            self.read_timeout.cancel()

    def _await_head(self):
        if self.head_timeout:
            self.head_timeout.cancel()
        self.head_timeout = self.loop.call_later(HEAD_TIMEOUT_S, self._close_without_head)

    def _close_without_head(self):
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()
