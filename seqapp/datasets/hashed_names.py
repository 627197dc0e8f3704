"""Names of writers, hashed: real names occur as writer ids, and none is ever written out."""

import hashlib


def hashed_writer(corpus: str, writer: str) -> str:
    """Hashes a writer.

    Args:
        corpus: Name of the corpus or laboratory: equal ids of two corpora are two writers.
        writer: As written in the file; empty when unknown.

    Returns:
        "corpus/" and the first 8 hex digits of sha1("corpus/writer"); empty for an unknown writer.

    Example:
        >>> hashed_writer("apple", "someone") == hashed_writer("ibm", "someone")
        False
    """
    if not writer:
        return ""
    name = f"{corpus}/{writer}"
    return f"{corpus}/{hashlib.sha1(name.encode('latin-1', 'replace')).hexdigest()[:8]}"
