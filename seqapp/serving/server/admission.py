"""Authentication and admission control (ASGI middleware)."""

import hmac
import urllib.parse

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from seqapp.serving.server.metrics import Metrics
from seqapp.serving.server.origins import is_same_origin, is_trusted_host
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.responses import refused
from seqapp.serving.server.settings import Settings

OPEN = ("/healthz", "/readyz")  # probes have no keys, and must be answered when all else is refused
GUARDED = ("/v1/", "/live", "/metrics", "/monitoring/")  # the page itself is open: it asks for the key
RETRY_AFTER_S = 1


class Admission:
    """Refuses requests of foreign web pages (403), without a key (401), and more at once than there is room for (429).

    Args:
        app: ASGI application behind it.
        settings: `Settings`.
        metrics: `Metrics`.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics):
        self._app = app
        self._settings = settings
        self._in_flight = metrics.in_flight
        self._num_inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
        elif reason := self._foreign(scope):
            await refused(Refusal("PERMISSION_DENIED", reason))(scope, receive, send)
        elif not self._has_key(scope):
            refusal = Refusal("UNAUTHENTICATED", "Expected an API key: X-API-Key, or Authorization: Bearer.")
            await refused(refusal)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)  # those count their streams themselves
        elif self._num_inside >= self._settings.max_requests:
            refusal = Refusal("RESOURCE_EXHAUSTED", "Too many requests at once. Retry later.", RETRY_AFTER_S)
            await refused(refusal)(scope, receive, send)
        else:
            await self._admit(scope, receive, send)

    async def _admit(self, scope, receive, send):
        self._num_inside += 1
        self._in_flight.inc()
        try:
            await self._app(scope, receive, send)
        finally:
            self._num_inside -= 1
            self._in_flight.dec()

    def _foreign(self, scope):
        """Say why a request looks like one of a foreign web page; None where it does not."""
        headers = Headers(scope=scope)
        if not is_trusted_host(headers, self._settings):
            return f"Expected a Host of this server. Received: {headers['host'][:80]}. Allow it by --allowed-host."
        # Pages may link to this one, and be told where it is; whatever computes or tells more is not for them.
        if scope["path"].startswith(GUARDED) and not is_same_origin(headers, self._settings.origins):
            origin = headers.get("origin", "another one")[:80]
            return f"Expected a page of this server. Received: origin {origin}. Allow it by --origin."
        return None

    def _has_key(self, scope):
        if scope["type"] == "http" and not scope["path"].startswith(GUARDED):
            return True
        return is_known_key(key_of(scope), self._settings.api_keys)


def key_of(scope: Scope) -> str:
    """Get the key that a request brings; a browser's WebSocket, which has no headers, has it in its address.

    Example:
        `X-API-Key: KEY`, `Authorization: Bearer KEY`, and of WebSockets also `?api_key=KEY`.
    """
    headers = dict(scope["headers"])
    authorization = headers.get(b"authorization", b"").decode("latin-1")
    if authorization[:7].lower() == "bearer ":
        return authorization[7:].strip()
    if scope["type"] == "websocket" and b"x-api-key" not in headers:
        query = urllib.parse.parse_qs(scope["query_string"].decode("latin-1"))
        return query.get("api_key", [""])[0]
    return headers.get(b"x-api-key", b"").decode("latin-1")


def is_known_key(key: str, keys: tuple[str, ...]) -> bool:
    """Tell whether a key is one of those that are known; any is where there are none. The time that it takes is the
    same for each, and tells nothing of them.
    """
    if not keys:
        return True
    return any([hmac.compare_digest(key.encode("utf-8"), known.encode("utf-8")) for known in keys])
