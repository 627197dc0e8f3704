"""What a path under /v1/ asks for: which model, which version of it, and what is to be done."""

import re
from typing import NamedTuple

from seqapp.serving.server.refusal import Refusal

_VERSION = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
_POST = re.compile(rf"/v1/models/(?P<name>[^/:]+){_VERSION}:(?P<verb>classify|regress|predict|transcribe)", re.I)
_GET = re.compile(rf"/v1/models(?:/(?P<name>[^/:]+))?{_VERSION}(?:/(?P<verb>metadata))?", re.I)
_LARGEST = 2**63 - 1


class Call(NamedTuple):
    """A call: `verb` is "status", "metadata", "predict", "classify", "regress" or "transcribe"."""

    verb: str
    name: str
    version: int | None
    label: str | None

    @property
    def place(self):
        """Arguments of `Repository.model` and `Repository.statuses`."""
        return self.name, self.version, self.label


def parse_call(method: str, path: str) -> Call:
    """The call of a request; paths and errors are those of TensorFlow Serving, and :transcribe is ours.

    Raises:
        Refusal: INVALID_ARGUMENT.
    """
    pattern = {"POST": _POST, "GET": _GET}.get(method)
    found = pattern.fullmatch(path) if pattern else None
    if not found:
        raise Refusal("INVALID_ARGUMENT", f"Malformed request: {method} {path}")
    if not found["name"]:
        raise Refusal("INVALID_ARGUMENT", "Missing model name in request.")
    version = None if found["version"] is None else int(found["version"][:20])
    if version is not None and version > _LARGEST:
        raise Refusal("INVALID_ARGUMENT", f"Failed to convert version: {found['version'][:40]} to numeric.")
    return Call((found["verb"] or "status").lower(), found["name"], version, found["label"])
