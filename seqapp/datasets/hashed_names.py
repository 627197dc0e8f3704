"""Hashed names of writers and speakers: real names occur as ids in corpora, and none is ever written out."""

import hashlib


def hashed_name(corpus: str, name: str) -> str:
    """Hash the name of a writer or speaker.

    Args:
        corpus: Name of the corpus or laboratory: equal ids of two corpora are two people.
        name: As written in the corpus; empty when unknown.

    Returns:
        "corpus/" and the first 8 hex digits of sha1("corpus/name"); empty for an unknown name.

    Example:

    >>> hashed_name("an4", "fash")
    'an4/01c607c3'
    """
    if not name:
        return ""
    full_name = f"{corpus}/{name}"
    return f"{corpus}/{hashlib.sha1(full_name.encode('latin-1', 'replace')).hexdigest()[:8]}"
