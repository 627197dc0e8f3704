"""Request bodies, received within bounds of size, time and memory, and inflated within them where they are gzip."""

import asyncio
import zlib
from collections.abc import Callable

from starlette.requests import Request

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings

ENCODINGS = {"": None, "identity": None, "gzip": 31, "x-gzip": 31, "deflate": 47}  # window bits of zlib
BOUNDARY = b"boundary="


async def read_body(
    request: Request,
    settings: Settings,
    max_bytes: int | None = None,
    check: Callable[[bytes], None] = lambda part: None,
) -> bytes:
    """Receive the whole body of a request.

    Args:
        request: The request.
        settings: `Settings`.
        max_bytes: Of the body, inflated; None: those of the settings.
        check: Called with each part before it is kept; may refuse it.

    Raises:
        Refusal: 413 for one that is too large, as soon as that is known; 408 for one that comes too slowly; 415 for an
            encoding that nobody knows; 400 for one that is damaged.
        starlette.requests.ClientDisconnect: Nobody is there any more.
    """
    max_bytes = max_bytes or settings.max_request_bytes
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated[:20]) > max_bytes:
        raise _too_large(max_bytes)
    inflate, is_whole = _inflater(request)
    received = bytearray()
    try:
        async with asyncio.timeout(settings.timeout_s):
            async for chunk in request.stream():
                part = inflate(chunk, max_bytes - len(received) + 1)
                if len(received) + len(part) > max_bytes:
                    raise _too_large(max_bytes)
                check(part)
                received += part
    except TimeoutError:
        message = f"The request did not arrive within {settings.timeout_s:g} s."
        raise Refusal("DEADLINE_EXCEEDED", message, http_status=408) from None
    except zlib.error as error:
        raise Refusal("INVALID_ARGUMENT", f"The body is not {request.headers['content-encoding']}: {error}") from None
    if not is_whole():
        raise Refusal("INVALID_ARGUMENT", f"The body is not all of its {request.headers['content-encoding']}.")
    return bytes(received)


def file_of(content_type: str, body: bytes) -> bytes:
    """Get the file of a body: of a form, as browsers and `curl -F file=@...` send it, its first file; else all of it.

    Args:
        content_type: Header of the request.
        body: Of the request.

    Raises:
        Refusal: INVALID_ARGUMENT: a form without a file.
    """
    kind, *parameters = (part.strip() for part in content_type.encode("latin-1").split(b";"))
    if kind.lower() != b"multipart/form-data":
        return body
    boundaries = [p[len(BOUNDARY) :].strip(b'"') for p in parameters if p.lower().startswith(BOUNDARY)]
    parts = (b"\r\n" + body).split(b"\r\n--" + boundaries[0])[1:] if boundaries else []
    for part in parts:
        head, gap, content = part.partition(b"\r\n\r\n")
        if gap and b"filename" in head.lower():
            return content
    raise Refusal("INVALID_ARGUMENT", "Expected a form with a file. Received: none. Try: curl -F file=@recording.flac")


def _inflater(request):
    """Make a function of a chunk and the most bytes to give for it, and one that tells whether the end was seen."""
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        message = f"Expected content-encoding gzip, deflate or none. Received: {encoding[:40]}."
        raise Refusal("INVALID_ARGUMENT", message, http_status=415)
    if ENCODINGS[encoding] is None:
        return lambda chunk, _: chunk, lambda: True
    inflater = zlib.decompressobj(ENCODINGS[encoding])
    return lambda chunk, most: inflater.decompress(chunk, most) if chunk else b"", lambda: inflater.eof


def _too_large(max_bytes):
    message = f"Expected a request of at most {max_bytes / 1e6:g} MB. Send fewer or shorter examples at once."
    return Refusal("RESOURCE_EXHAUSTED", message, http_status=413)
