"""Splits of UNIPEN by a hash of the writer, so that numbers compare and no writer is in two splits."""

from seqapp.datasets.hashed_names import hashed_name

FAMILIES = {"apb": "apple", "apc": "apple", "apd": "apple", "ape": "apple", "app": "apple"}
FAMILIES |= {"bbb": "bbn", "bbd": "bbn", "cea": "cedar", "ceb": "cedar", "cec": "cedar"}
BY_PROVIDER = {"bbd": "train", "bbb": "validation"}  # BBN's own division


def family(provider: str) -> str:
    """Return the laboratory behind a provider: one writer can occur in several of its providers."""
    return FAMILIES.get(provider, provider)


def writer_key(provider: str, writer: str) -> str:
    """Hash a writer: real names occur as .WRITER_ID and must not be written out.

    Args:
        provider: Three-letter folder name below data/<category>/.
        writer: .WRITER_ID as written.

    Returns:
        "family/" and the first 8 hex digits of sha1("family/writer"); empty for an unknown writer.
    """
    return hashed_name(family(provider), writer)


def split(provider: str, key: str) -> str:
    """Return "train", "validation" or "test" for a writer.

    Args:
        provider: Three-letter folder name; BBN's two are split as BBN did.
        key: From `writer_key`; unknown writers go to train.
    """
    if provider in BY_PROVIDER:
        return BY_PROVIDER[provider]
    if not key:
        return "train"
    twentieth = int(key.rpartition("/")[2], 16) % 20
    return "test" if twentieth < 3 else "validation" if twentieth < 5 else "train"
