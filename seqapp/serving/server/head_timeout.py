"""HTTP/1.1 with a timeout for request heads: a connection that never completes one is closed.

uvicorn (0.54) waits for such a one as long as it stays open, and each costs a file of the process.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT_S = 10.0


class HeadTimeoutProtocol(H11Protocol):
    """`H11Protocol` with a time limit for the head of each request."""

    head_timeout: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._await_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self.head_timeout.cancel()
        super().connection_lost(exc)

    def _await_head(self):
        if self.head_timeout:
            self.head_timeout.cancel()
        self.head_timeout = self.loop.call_later(HEAD_TIMEOUT_S, self._close_without_head)

    def _close_without_head(self):
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()
