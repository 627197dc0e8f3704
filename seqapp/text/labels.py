"""Labels of training texts: one spelling for corpora that differ in theirs."""

import re
import unicodedata

from seqapp.text.normalization import normalize

CASES = {"keep": str, "lower": str.lower, "upper": str.upper}
_APOSTROPHE = re.compile(r"(?<=\w)[\u2019'](?=\w)")  # part of a word: o'clock, l'eau


def label_of(text: str, data) -> str:
    """Spell a text as a label.

    Args:
        text: As the corpus has it.
        data: `seqapp.recipe.DataConfig`; normalization, letter_case and punctuation are used.

    Returns:
        The label, with single spaces. Without punctuation, marks become spaces, but for apostrophes within words.

    Example:
        >>> from seqapp.recipe import DataConfig
        >>> label_of("Well-known, isn't  it?", DataConfig(letter_case="lower", punctuation=False))
        "well known isn't it"
    """
    text = CASES[data.letter_case](text)
    if not data.punctuation:
        text = _APOSTROPHE.sub("\0", text)
        text = "".join(" " if unicodedata.category(c)[0] in "PS" else c for c in text).replace("\0", "'")
    return normalize(text, data.normalization)
