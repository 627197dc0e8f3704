"""Splits of pages with layouts by a hash of their names, and Copiste's pages by the text that they hold."""

import hashlib

from seqapp.datasets.image.copiste.splits import split as copiste_split
from seqapp.datasets.image.copiste.splits import text_id


def split(name: str) -> str:
    """Return "train", "validation" or "test" for the name of a page: 15, 1 and 4 of 20 parts of a hash.

    Pages of Copiste d'un jour keep the split of that corpus, so that a recogniser and a line finder can be measured
    together on pages that neither has seen.
    """
    try:
        return copiste_split(text_id(name))
    except ValueError:
        part = int(hashlib.sha1(f"v{name}".encode()).hexdigest(), 16) % 20
    return "test" if part < 4 else "validation" if part == 4 else "train"
