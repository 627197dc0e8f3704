"""Splits of corpora in LJSpeech's layout, which has none: a fixed rule on the id."""

import hashlib
import re

_ARCTIC = re.compile(r"arctic_([ab])(\d{4})")
_TWENTIETHS = {0: "validation", 1: "test"}


def split(id: str) -> str:
    """Return "train", "validation" or "test".

    Args:
        id: First column of metadata.csv. Readings of the CMU ARCTIC prompts are split by prompt, b0390-b0439
            validation and b0440-b0539 test, whoever reads; others by the last digits of the id's sha1: 5 % each.

    Example:
        >>> split("arctic_b0440_1592528737"), split("arctic_a0001"), split("LJ001-0001")
        ('test', 'train', 'train')
    """
    if match := _ARCTIC.match(id):
        part, prompt = match.group(1), int(match.group(2))
        if part == "b" and 390 <= prompt <= 539:
            return "test" if prompt >= 440 else "validation"
        return "train"
    return _TWENTIETHS.get(int(hashlib.sha1(id.encode()).hexdigest(), 16) % 20, "train")
