"""Text: strings to class indices and back, normalisation, character and word error rates.

Alphabet        str <-> list of int in [0, K - 1); class K - 1, the last, is the CTC blank
normalize       str -> str: one Unicode form, single spaces
character_errors, word_errors   (reference, hypothesis) -> ErrorCounts, which add up to a corpus

Floor 0, pure Python: importing it is fast.
"""

from seqapp.text.alphabet import Alphabet
from seqapp.text.error_rates import ErrorCounts, align_characters, character_errors, word_errors
from seqapp.text.normalization import attach_punctuation, normalize

__all__ = [
    "Alphabet",
    "ErrorCounts",
    "align_characters",
    "attach_punctuation",
    "character_errors",
    "normalize",
    "word_errors",
]
