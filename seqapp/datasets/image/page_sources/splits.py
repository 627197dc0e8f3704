"""Splits of pages by a hash of their names: a fifth of every source is kept out of training."""

import hashlib


def split(page_name: str) -> str:
    """Return "test" for one page in five, whatever its source, else "train".

    Args:
        page_name: Of the file, without its suffix.
    """
    digest = hashlib.sha1(page_name.encode("utf-8")).hexdigest()
    return "test" if int(digest, 16) % 5 == 0 else "train"
