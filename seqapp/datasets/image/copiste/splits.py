"""Splits of Copiste d'un jour by a hash of the text that a page holds: one volunteer copied it."""

import hashlib
import re

_TEXT = re.compile(r"wikitexte_(\d{4})")


def text_id(name: str) -> str:
    """Return the text that a page holds: "0219" of "imp_wikitexte_0219_1"; ValueError for other names."""
    match = _TEXT.search(name)
    if not match:
        raise ValueError(f"no page of Copiste d'un jour: expected a name with wikitexte_NNNN, received {name!r}")
    return match.group(1)


def split(text: str) -> str:
    """Return "train", "validation" or "test" for a text id: 1, 2 and 13 of 16 parts of a hash."""
    sixteenth = int(hashlib.sha1(f"v{text}".encode()).hexdigest(), 16) % 16
    return "validation" if sixteenth == 0 else "test" if sixteenth <= 2 else "train"
