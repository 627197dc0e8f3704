"""Word list of common English, divided into splits that share no word."""

import functools
import zlib
from pathlib import Path

SPLITS = ("train", "validation", "test")
_HUNDREDTHS = {"train": range(80), "validation": range(80, 90), "test": range(90, 100)}


def split_of(token: str) -> str:
    """Return the split that a token belongs to, letter case aside, so that nothing in a test was ever trained on.

    Args:
        token: A word, a number, any text without spaces.

    Returns:
        One of SPLITS: eight tokens in ten are for training.
    """
    hundredth = zlib.crc32(f"split {token.lower()}".encode()) % 100
    return next(split for split in SPLITS if hundredth in _HUNDREDTHS[split])


@functools.cache
def words_of(split: str) -> tuple[str, ...]:
    """Return the words of one split, in alphabetical order.

    Args:
        split: One of SPLITS.

    Returns:
        The words: small letters, names with a capital, some with an apostrophe or hyphens.

    Raises:
        ValueError: There is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"split {split!r}: expected one of {SPLITS}")
    words = Path(__file__).with_name("words.txt").read_text("utf-8").split()
    return tuple(word for word in words if split_of(word) == split)
