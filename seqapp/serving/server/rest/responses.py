"""HTTP responses: JSON answers, refusals as TensorFlow Serving writes them, and 500 for a bug of the server."""

import json
import logging
from collections.abc import Awaitable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from seqapp.serving.server.budget import Budget
from seqapp.serving.server.refusal import Refusal

log = logging.getLogger(__name__)

SMALL_MB = 1.0  # of an answer that is sent whatever is reserved
CLIENT_GONE = 499  # as nginx counts those who left before the answer


async def respond(request: Request, answer: Awaitable[Response]) -> Response:
    """Await an answer; turn a refusal or a bug into an error response.

    Args:
        request: The request, named in the log where a bug kept it from being answered.
        answer: What makes the response. Errors of the client are `Refusal`s in it; any other exception is the server's.
    """
    try:
        return await answer
    except Refusal as refusal:
        return refused(refusal)
    except ClientDisconnect:
        return Response(status_code=CLIENT_GONE)
    except Exception:
        log.exception("%s %s", request.method, request.url.path)
        return refused(Refusal("INTERNAL", "The server made a mistake; its log says which."))


def refused(refusal: Refusal) -> Response:
    """Make the error response of a refusal."""
    headers = {} if refusal.retry_after_s is None else {"Retry-After": str(refusal.retry_after_s)}
    return json_response({"error": refusal.message}, refusal.http_status, headers)


class ReservedResponse(Response):
    """Response of JSON whose body is reserved in a budget until its client has read it.

    Args:
        body: JSON.
        budget: `Budget`.
    """

    def __init__(self, body: bytes, budget: Budget):
        super().__init__(body, media_type="application/json")
        self._budget = budget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        megabytes = len(self.body) / 1e6
        try:
            self._budget.reserve(megabytes, SMALL_MB)
        except Refusal as refusal:
            await refused(refusal)(scope, receive, send)
            return
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            # uvicorn takes a second part only when the first has nearly been read.
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._budget.release(megabytes)


def json_response(content, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Make a response of JSON whose texts may hold halves of surrogate pairs, which clients may send back to us."""
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, headers, "application/json")
