"""Errors for clients: one exception for REST and gRPC, with the codes that TensorFlow Serving uses."""

import re

MAX_WORD = 80  # characters of a name that a client sent, shown to it again
MAX_MESSAGE = 2_000

# HTTP statuses of the canonical codes, as TensorFlow Serving maps them.
HTTP_STATUS = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}


class Refusal(Exception):
    """A request that gets an error instead of an answer.

    Args:
        code: Key of `HTTP_STATUS`, which is also the name of the gRPC status.
        message: For the client; long names in it are cut.
        retry_after_s: Seconds after which another try may succeed; None: it never will.
        http_status: Where it says more than the code does, such as 413.
    """

    def __init__(self, code: str, message: str, retry_after_s: float | None = None, http_status: int | None = None):
        message = _cut(message)
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after_s = retry_after_s
        self.http_status = http_status or HTTP_STATUS[code]


def _cut(message):
    """Cut a message's long words, and of a long message the middle: clients send names of megabytes."""
    if len(message) > MAX_MESSAGE:
        message = f"{message[: MAX_MESSAGE // 2]}...{message[-MAX_MESSAGE // 2 :]}"
    return re.sub(rf"\S{{{MAX_WORD + 1},}}", lambda word: f"{word[0][: MAX_WORD - 3]}...", message)
