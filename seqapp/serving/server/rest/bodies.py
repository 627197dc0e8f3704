"""Request bodies, received within bounds of size, time and memory, and inflated within them where they are gzip."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Callable

from starlette.requests import Request

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.inflating import Inflater
from seqapp.serving.server.settings import Settings

ENCODINGS = {"": None, "identity": None, "gzip": 31, "x-gzip": 31, "deflate": 47}  # window bits of zlib
BOUNDARY = b"boundary="
MAX_RATIO = 100  # of inflated to compressed bytes: JSON reaches 20, what is made to fill a memory 1,000
UNSUSPECTED_BYTES = 4_000_000  # inflated, whatever the ratio: silence is long and says little
MAX_PARTS = 20  # of a form that are looked at
MAX_HEAD = 16_384  # bytes of a part's head
MAX_FIELD = 500_000  # bytes of a field that is no file


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
        check: Called with each part before it is kept; may refuse it. In a thread where the body is compressed.

    Raises:
        Refusal: 413 for one that is too large or unpacks to too many times its size, as soon as that is known; 408 for
            one that comes too slowly; 415 for an encoding that nobody knows; 400 for one that is damaged.
        starlette.requests.ClientDisconnect: Nobody is there any more.
    """
    max_bytes = max_bytes or settings.max_request_bytes
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated[:20]) > max_bytes:
        raise too_large(max_bytes)
    inflater = _inflater(request)
    received = bytearray()
    num_sent = 0
    try:
        async with asyncio.timeout(settings.timeout_s):
            async for chunk in request.stream():
                num_sent += len(chunk)
                most = min(max_bytes, max(UNSUSPECTED_BYTES, MAX_RATIO * num_sent)) if inflater else max_bytes
                async for part in _checked(chunk, inflater, check):
                    if len(received) + len(part) > most:
                        raise too_large(max_bytes) if most == max_bytes else _bomb()
                    received += part
    except TimeoutError:
        message = f"The request did not arrive within {settings.timeout_s:g} s."
        raise Refusal("DEADLINE_EXCEEDED", message, http_status=408) from None
    except zlib.error as error:
        raise Refusal("INVALID_ARGUMENT", f"The body is not {request.headers['content-encoding']}: {error}") from None
    if inflater and not inflater.is_whole:
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
    if not _is_form(content_type):
        return body
    for head, start, end in _fields(content_type, body):
        if b"filename" in head:
            return body[start:end]
    raise Refusal("INVALID_ARGUMENT", "Expected a form with a file. Received: none. Try: curl -F file=@recording.flac")


def texts_of(content_type: str, body: bytes, name: str) -> list[str]:
    """Get the fields of a form that have a name and are no files; none of a body that is no form.

    Args:
        content_type: Header of the request.
        body: Of the request.
        name: ASCII, without quotes.

    Raises:
        Refusal: INVALID_ARGUMENT: no UTF-8, or more than `MAX_FIELD` bytes.
    """
    texts = []
    is_named = re.compile(rb'[;\s]name="?%s"?\s*(?:[;\r]|$)' % name.encode("ascii"))
    for head, start, end in _fields(content_type, body) if _is_form(content_type) else ():
        if b"filename" not in head and is_named.search(head):
            if end - start > MAX_FIELD:
                raise Refusal("INVALID_ARGUMENT", f"Expected {name} of at most {MAX_FIELD} bytes.")
            try:
                texts.append(body[start:end].decode("utf-8"))
            except UnicodeDecodeError as error:
                raise Refusal("INVALID_ARGUMENT", f"Expected {name} in UTF-8: {error}") from None
    return texts


def too_large(max_bytes: int) -> Refusal:
    """Make the refusal of a request that is too large."""
    message = f"Expected a request of at most {max_bytes / 1e6:g} MB. Send fewer or shorter examples at once."
    return Refusal("RESOURCE_EXHAUSTED", message, http_status=413)


def _bomb():
    message = f"The body unpacks to more than {MAX_RATIO} times its size. Send it as it is."
    return Refusal("RESOURCE_EXHAUSTED", message, http_status=413)


def _is_form(content_type):
    return content_type.partition(";")[0].strip().lower() == "multipart/form-data"


def _fields(content_type, body):
    """Yield the first fields of a form: the head in lower case, and where the content starts and ends."""
    _, *parameters = (part.strip() for part in content_type.encode("latin-1").split(b";"))
    boundaries = [p[len(BOUNDARY) :].strip(b'"') for p in parameters if p.lower().startswith(BOUNDARY)]
    for start, end in _parts(body, b"\r\n--" + boundaries[0]) if boundaries and boundaries[0] else ():
        gap = body.find(b"\r\n\r\n", start, min(end, start + MAX_HEAD))
        if gap != -1:
            yield body[start:gap].lower(), gap + 4, end


def _parts(body, delimiter):
    """Yield where the first parts of a form start and end, without a copy of them."""
    at = -2 if body.startswith(delimiter[2:]) else body.find(delimiter)  # the first has no line before it
    for _ in range(MAX_PARTS):
        if at == -1:
            return
        start = at + len(delimiter)
        at = body.find(delimiter, start)
        yield start, len(body) if at == -1 else at


def _inflater(request):
    """Make an `Inflater` of a request's encoding; None where there is none."""
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        message = f"Expected content-encoding gzip, deflate or none. Received: {encoding[:40]}."
        raise Refusal("INVALID_ARGUMENT", message, http_status=415)
    return Inflater(ENCODINGS[encoding]) if ENCODINGS[encoding] else None


async def _checked(chunk, inflater, check) -> AsyncIterator[bytes]:
    """Yield a chunk, checked; inflated by pieces in threads, since a chunk may become a thousand times as large."""
    if inflater is None:
        check(chunk)
        yield chunk
        return
    pieces = inflater.pieces(chunk)

    def next_checked():
        piece = next(pieces, None)
        if piece:
            check(piece)
        return piece

    while (piece := await asyncio.to_thread(next_checked)) is not None:
        yield piece
