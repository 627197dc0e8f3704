"""The facts of an evaluation: what reports, plots and tests ask, computed once."""

import dataclasses
import math
from collections.abc import Mapping

from seqapp.evaluation.bootstrap import Interval
from seqapp.evaluation.recognition import Recognition
from seqapp.text.error_rates import ErrorCounts

DOUBTFUL_RATE = 0.5  # from this CER on, a confident reading may rather be a wrong label


@dataclasses.dataclass(frozen=True)
class ScoredLine:
    """One recognition, its texts normalised, with its error counts."""

    recognition: Recognition
    characters: ErrorCounts
    words: ErrorCounts


@dataclasses.dataclass(frozen=True)
class GroupErrors:
    """The lines of one writer or speaker, summed. `interval` is of the CER, resampling these lines."""

    group_id: str
    num_lines: int
    num_wrong_lines: int
    characters: ErrorCounts
    words: ErrorCounts
    interval: Interval | None


@dataclasses.dataclass(frozen=True)
class LengthBin:
    """The lines with low <= reference length <= high (None: no upper end), summed."""

    low: int
    high: int | None
    num_lines: int
    characters: ErrorCounts


@dataclasses.dataclass(frozen=True)
class Confusion:
    """One kind of character error and how often it occurs; the empty string stands for no character."""

    reference: str
    hypothesis: str
    count: int

    @property
    def kind(self) -> str:
        """ "substitution", "deletion" or "insertion"."""
        if not self.reference:
            return "insertion"
        return "substitution" if self.hypothesis else "deletion"


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """A scored set of lines; built by `summarise`.

    Args:
        lines: Scored lines by id.
        groups: By group_id.
        length_bins: By length.
        pairs: How often (reference character, hypothesis character) were aligned, hits included; "" is none.
        cer_interval: 95 % interval of the CER, or None with fewer than two units.
        wer_interval: The same of the WER.
        unseen: Characters of references that the training alphabet lacks, with counts: never read right.
        skipped: (id, reason) of examples that were not scored.
        normalization: In words, what was done to both texts before scoring.
        group: What a group is: "writer" or "speaker".
    """

    lines: tuple[ScoredLine, ...]
    groups: tuple[GroupErrors, ...]
    length_bins: tuple[LengthBin, ...]
    pairs: Mapping[tuple[str, str], int]
    cer_interval: Interval | None
    wer_interval: Interval | None
    unseen: Mapping[str, int]
    skipped: tuple[tuple[str, str], ...]
    normalization: str
    group: str = "writer"

    @property
    def characters(self) -> ErrorCounts:
        """Character errors of the corpus; `.rate` is the CER."""
        return sum((line.characters for line in self.lines), ErrorCounts())

    @property
    def words(self) -> ErrorCounts:
        """Word errors of the corpus; `.rate` is the WER."""
        return sum((line.words for line in self.lines), ErrorCounts())

    @property
    def num_wrong_lines(self) -> int:
        """Lines with at least one character error: sclite's S.Err, as a count."""
        return sum(group.num_wrong_lines for group in self.groups)

    def confusions(self, limit: int = 20) -> list[Confusion]:
        """Returns the most frequent character errors, most frequent first."""
        errors = [Confusion(*pair, count) for pair, count in self.pairs.items() if pair[0] != pair[1]]
        return sorted(errors, key=lambda error: (-error.count, error.reference, error.hypothesis))[:limit]

    def best(self, limit: int = 5) -> list[ScoredLine]:
        """Returns the lines with the lowest CER, long ones first: a long line read right says more."""
        return sorted(self.lines, key=lambda line: (line.characters.rate, *_long_first(line)))[:limit]

    def median(self, limit: int = 5) -> list[ScoredLine]:
        """Returns the lines in the middle of the CER."""
        first = max(0, (len(self.lines) - limit) // 2)
        return self.best(len(self.lines))[first : first + limit]

    def worst(self, limit: int = 5) -> list[ScoredLine]:
        """Returns the lines with the highest CER, long ones first."""
        return sorted(self.lines, key=lambda line: (-line.characters.rate, *_long_first(line)))[:limit]

    def doubtful(self, limit: int = 5) -> list[ScoredLine]:
        """Returns bad lines read with confidence, most confident first: look at their labels."""
        bad = [line for line in self.lines if line.characters.rate >= DOUBTFUL_RATE]
        known = [line for line in bad if not math.isnan(line.recognition.confidence)]
        return sorted(known, key=lambda line: (-line.recognition.confidence, line.recognition.id))[:limit]


def _long_first(line: ScoredLine) -> tuple[int, str]:
    return -line.characters.reference_length, line.recognition.id
