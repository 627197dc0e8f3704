"""Character and word error rates, as counts: a corpus is a sum, never an average of rates.

The alignment is that of jiwer (rapidfuzz): fewest edits, all of cost 1. The split into substitutions,
deletions and insertions is not unique: sclite weighs them 4, 3, 3 and can split, and even sum, differently.
"""

import dataclasses

import jiwer


@dataclasses.dataclass(frozen=True)
class ErrorCounts:
    """What an alignment found. Counts add: `sum(counts, ErrorCounts())` is the corpus.

    Args:
        substitutions: Reference symbols read as another.
        deletions: Reference symbols not read.
        insertions: Symbols read where the reference has none.
        hits: Reference symbols read right.
    """

    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0
    hits: int = 0

    @property
    def reference_length(self) -> int:
        """Symbols in the reference."""
        return self.substitutions + self.deletions + self.hits

    @property
    def errors(self) -> int:
        """Edits from reference to hypothesis."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Errors over reference length; above 1 where insertions abound, never clipped.

        With no reference at all every insertion counts against a length of one, as in jiwer: 0.0 where
        rightly nothing was read, and finite otherwise.
        """
        return self.errors / max(self.reference_length, 1)

    def __add__(self, other: "ErrorCounts") -> "ErrorCounts":
        if not isinstance(other, ErrorCounts):
            return NotImplemented
        return ErrorCounts(
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.hits + other.hits,
        )


def character_errors(reference: str, hypothesis: str) -> ErrorCounts:
    """Count errors by code point, spaces included. Normalise both texts first: é can be one or two.

    Example:
        >>> character_errors("cat sat", "hat sa").errors
        2
    """
    return _counts(_process(list(reference), list(hypothesis)))


def word_errors(reference: str, hypothesis: str) -> ErrorCounts:
    """Count errors by word, words being what whitespace separates.

    Example:
        >>> word_errors("the cat sat", "the hat").rate
        0.6666666666666666
    """
    return _counts(_process(reference.split(), hypothesis.split()))


def align_characters(reference: str, hypothesis: str) -> list[tuple[str, str]]:
    """Pair the characters of both texts, in order, along the alignment that `character_errors` counts.

    Returns:
        (reference character, hypothesis character); the empty string stands for none, so ("a", "") is a
        deletion and ("", "a") an insertion.

    Example:
        >>> align_characters("cat", "hats")
        [('c', 'h'), ('a', 'a'), ('t', 't'), ('', 's')]
    """
    pairs = []
    for chunk in _process(list(reference), list(hypothesis)).alignments[0]:
        left = reference[chunk.ref_start_idx : chunk.ref_end_idx]
        right = hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx]
        pairs.extend(zip(left or [""] * len(right), right or [""] * len(left), strict=True))
    return pairs


class _AlreadySplit(jiwer.AbstractTransform):
    """Hands jiwer symbols as they are: its default transforms strip spaces, which here are symbols too."""

    def process_list(self, inp: list[str]) -> list[list[str]]:
        return [inp]


def _process(reference: list[str], hypothesis: list[str]) -> jiwer.WordOutput:
    return jiwer.process_words(reference, hypothesis, _AlreadySplit(), _AlreadySplit())


def _counts(output: jiwer.WordOutput) -> ErrorCounts:
    return ErrorCounts(output.substitutions, output.deletions, output.insertions, output.hits)
