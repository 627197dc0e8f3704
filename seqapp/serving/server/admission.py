"""Who comes in: whoever has the key, and not more at once than the server has room for."""

import hmac
import urllib.parse

from starlette.types import ASGIApp, Receive, Scope, Send

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.routes import refused

OPEN = ("/healthz", "/readyz")  # probes have no keys, and must be answered when all else is refused
GUARDED = ("/v1/", "/live", "/metrics", "/monitoring/")  # the page itself is open: it asks for the key
RETRY_AFTER_S = 1


class Admission:
    """ASGI middleware.

    Args:
        app: What is behind it.
        settings: `Settings`.
        metrics: `Metrics`.
    """

    def __init__(self, app: ASGIApp, settings, metrics):
        self._app, self._settings, self._in_flight = app, settings, metrics.in_flight
        self._num_inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
        elif not self._has_key(scope):
            refusal = Refusal("UNAUTHENTICATED", "Expected an API key: X-API-Key, or Authorization: Bearer.")
            await refused(refusal)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)  # those count their streams themselves
        elif self._num_inside >= self._settings.max_requests:
            refusal = Refusal("RESOURCE_EXHAUSTED", "Too many requests at once. Retry later.", RETRY_AFTER_S)
            await refused(refusal)(scope, receive, send)
        else:
            await self._let_in(scope, receive, send)

    async def _let_in(self, scope, receive, send):
        self._num_inside += 1
        self._in_flight.inc()
        try:
            await self._app(scope, receive, send)
        finally:
            self._num_inside -= 1
            self._in_flight.dec()

    def _has_key(self, scope):
        if scope["type"] == "http" and not scope["path"].startswith(GUARDED):
            return True
        return is_known_key(given_key(scope), self._settings.api_keys)


def given_key(scope: Scope) -> str:
    """The key that a request brings; a browser's WebSocket, which has no headers, in its address: ?api_key=KEY."""
    headers = dict(scope["headers"])
    authorization = headers.get(b"authorization", b"").decode("latin-1")
    if authorization[:7].lower() == "bearer ":
        return authorization[7:].strip()
    if scope["type"] == "websocket" and b"x-api-key" not in headers:
        query = urllib.parse.parse_qs(scope["query_string"].decode("latin-1"))
        return query.get("api_key", [""])[0]
    return headers.get(b"x-api-key", b"").decode("latin-1")


def is_known_key(key: str, keys: tuple[str, ...]) -> bool:
    """Whether a key opens the door; any does where there are none. The time that it takes tells nothing of the keys."""
    if not keys:
        return True
    return any([hmac.compare_digest(key.encode("utf-8"), known.encode("utf-8")) for known in keys])
