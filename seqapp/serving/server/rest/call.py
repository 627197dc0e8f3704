"""Paths under /v1/ to calls: the model, its version, and the verb."""

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
    def place(self) -> tuple[str, int | None, str | None]:
        """Arguments of `Repository.model` and `Repository.statuses`."""
        return self.name, self.version, self.label


def parse_call(method: str, path: str) -> Call:
    """Parse the path of a request; paths and errors are those of TensorFlow Serving, and :transcribe is ours.

    Raises:
        Refusal: INVALID_ARGUMENT.
    """
    pattern = {"POST": _POST, "GET": _GET}.get(method)
    match = pattern.fullmatch(path) if pattern else None
    if not match:
        raise Refusal("INVALID_ARGUMENT", f"Malformed request: {method} {path}")
    if not match["name"]:
        raise Refusal("INVALID_ARGUMENT", "Missing model name in request.")
    version = None if match["version"] is None else int(match["version"][:20])
    if version is not None and version > _LARGEST:
        raise Refusal("INVALID_ARGUMENT", f"Failed to convert version: {match['version'][:40]} to numeric.")
    return Call((match["verb"] or "status").lower(), match["name"], version, match["label"])
