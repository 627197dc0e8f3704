"""Rate limiting of refusals: who sends what costs the server much and is refused waits, so that others need not.

A wrong request that is small costs next to nothing. One of a hundred thousand rows is read before it can be refused:
a client that sends these one after the other, by mistake or on purpose, would take a core. So refused work may take a
share of the time and no more; what goes beyond is made up for by waiting, with nothing in memory but the answer.
"""

import asyncio
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.responses import refused

SHARE = 0.2  # of the time that refused work may take
FREE_S = 0.01  # refusals that took less are as good as free
MOST_S = 2.0  # behind that, requests with large bodies are refused unread
LARGE_BYTES = 65_536
COSTLY = (400, 408, 413, 415, 422)  # refused for what they hold; not 429 and 503, which were not read


class SlowRefusals:
    """ASGI middleware: delays answers that refuse what was costly, and refuses more of it unread.

    Args:
        app: Application.
        share: Of the time that refused work may take, in (0, 1).
    """

    def __init__(self, app: ASGIApp, share: float = SHARE):
        self._app = app
        self._pause = 1.0 / share - 1.0
        self._free_at = 0.0  # time.monotonic() at which all refused work is made up for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        debt_s = self._free_at - time.monotonic()
        if debt_s > MOST_S and _is_large(Headers(scope=scope)):
            return await _unread(debt_s)(scope, receive, send)
        request = _Request(receive)
        answer = []

        async def send_or_keep(message: Message) -> None:
            if answer or (message["type"] == "http.response.start" and message["status"] in COSTLY):
                answer.append(message)  # a short one; behind the application, whose places are for those who work
            else:
                await send(message)

        await self._app(scope, request.receive, send_or_keep)
        if answer:
            await self._make_up_for(request.worked_s())
            for message in answer:
                await send(message)

    async def _make_up_for(self, worked_s):
        if worked_s > FREE_S:
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + self._pause * worked_s
            await asyncio.sleep(self._free_at - now)


class _Request:
    """Time that a request has taken, less that of its way here."""

    def __init__(self, receive):
        self._receive = receive
        self._start = time.monotonic()
        self._received_s = 0.0
        self._is_received = False

    async def receive(self):
        start = time.monotonic()
        try:
            message = await self._receive()
        finally:  # also where the body's time limit ends the wait: who is slow has cost no work
            if not self._is_received:  # else somebody waits for the client to go, while others work
                self._received_s += time.monotonic() - start
        self._is_received = self._is_received or not message.get("more_body")
        return message

    def worked_s(self):
        return time.monotonic() - self._start - self._received_s


def _is_large(headers):
    # Of chunks any number may follow, and of what is compressed a thousandth may be left.
    length = headers.get("content-length", "")
    is_long = length.isdigit() and int(length[:20]) > LARGE_BYTES
    return is_long or "transfer-encoding" in headers or "content-encoding" in headers


def _unread(debt_s):
    message = "Too many requests that were refused after they had been read. Send smaller ones, or wait."
    response = refused(Refusal("RESOURCE_EXHAUSTED", message, 1 + int(debt_s)))
    response.headers["connection"] = "close"
    return response
