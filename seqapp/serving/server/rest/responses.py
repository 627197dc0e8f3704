"""HTTP responses: JSON answers, refusals as TensorFlow Serving writes them, and 500 for a bug of the server."""

import json
import logging
from collections.abc import Awaitable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from seqapp.serving.server.refusal import Refusal

log = logging.getLogger(__name__)

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


def json_response(content, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Make a response of JSON whose texts may hold halves of surrogate pairs, which clients may send back to us."""
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, headers, "application/json")
