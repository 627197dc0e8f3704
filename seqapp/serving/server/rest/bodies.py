"""Request bodies, received within bounds of size and time."""

import asyncio

from starlette.requests import Request

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings


async def read_body(request: Request, settings: Settings, max_bytes: int | None = None) -> bytes:
    """Receive the whole body of a request.

    Args:
        request: The request.
        settings: `Settings`.
        max_bytes: Of the body; None: those of the settings.

    Raises:
        Refusal: 413 for one that is too large, as soon as that is known; 408 for one that comes too slowly.
        starlette.requests.ClientDisconnect: Nobody is there any more.
    """
    max_bytes = max_bytes or settings.max_request_bytes
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated[:20]) > max_bytes:
        raise _too_large(max_bytes)
    received = bytearray()
    try:
        async with asyncio.timeout(settings.timeout_s):
            async for chunk in request.stream():
                received += chunk
                if len(received) > max_bytes:
                    raise _too_large(max_bytes)
    except TimeoutError:
        message = f"The request did not arrive within {settings.timeout_s:g} s."
        raise Refusal("DEADLINE_EXCEEDED", message, http_status=408) from None
    return bytes(received)


def _too_large(max_bytes):
    message = f"Expected a request of at most {max_bytes / 1e6:g} MB. Send fewer or shorter examples at once."
    return Refusal("RESOURCE_EXHAUSTED", message, http_status=413)
