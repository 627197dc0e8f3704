"""Results of an evaluation: the facts that reports, plots and tests ask for, computed once."""

import dataclasses
import math
from collections.abc import Mapping

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.bootstrap import Interval
from seqapp.evaluation.recognition import Recognition
from seqapp.text.error_rates import ErrorCounts

DOUBTFUL_RATE = 0.5  # from this CER on, a confident reading may rather be a wrong label


@dataclasses.dataclass(frozen=True)
class ScoredExample:
    """One recognition, its texts normalised, with its error counts."""

    recognition: Recognition
    characters: ErrorCounts
    words: ErrorCounts


@dataclasses.dataclass(frozen=True)
class GroupErrors:
    """The examples of one writer, speaker or page, summed. `interval` is of the CER, resampling these examples."""

    group_id: str
    num_examples: int
    num_wrong_examples: int
    characters: ErrorCounts
    words: ErrorCounts
    interval: Interval | None


@dataclasses.dataclass(frozen=True)
class LengthBin:
    """The examples with low <= reference length <= high (None: no upper end), summed."""

    low: int
    high: int | None
    num_examples: int
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
    """A scored set of examples; built by `summarise`.

    Args:
        examples: Scored examples by id.
        groups: By group_id.
        length_bins: By length.
        pairs: How often (reference character, hypothesis character) were aligned, hits included; "" is none.
        cer_interval: 95 % interval of the CER, or None with fewer than two units.
        wer_interval: The same of the WER.
        unseen: Characters of references that the training alphabet lacks, with counts: never read right.
        skipped: Examples that were not scored.
        normalization: In words, what was done to both texts before scoring.
        group: What a group is: "writer" or "speaker".
        unit: What an example is: "line" or "utterance".
        pages: By page_id; empty where there are no pages, or each is a group.
        texts_not_in_training: Evaluation of the examples whose text does not stand among the training texts; None
            where these are not known. Not to be confused with `unseen`, which is of characters.
    """

    examples: tuple[ScoredExample, ...]
    groups: tuple[GroupErrors, ...]
    length_bins: tuple[LengthBin, ...]
    pairs: Mapping[tuple[str, str], int]
    cer_interval: Interval | None
    wer_interval: Interval | None
    unseen: Mapping[str, int]
    skipped: Skipped
    normalization: str
    group: str = "writer"
    unit: str = "line"
    pages: tuple[GroupErrors, ...] = ()
    texts_not_in_training: "Evaluation | None" = None

    @property
    def characters(self) -> ErrorCounts:
        """Character errors of the corpus; `.rate` is the CER."""
        return sum((example.characters for example in self.examples), ErrorCounts())

    @property
    def words(self) -> ErrorCounts:
        """Word errors of the corpus; `.rate` is the WER."""
        return sum((example.words for example in self.examples), ErrorCounts())

    @property
    def num_wrong_examples(self) -> int:
        """Examples with at least one character error: sclite's S.Err, as a count."""
        return sum(group.num_wrong_examples for group in self.groups)

    def confusions(self, limit: int = 20) -> list[Confusion]:
        """Return the most frequent character errors, most frequent first."""
        errors = [Confusion(*pair, count) for pair, count in self.pairs.items() if pair[0] != pair[1]]
        return sorted(errors, key=lambda error: (-error.count, error.reference, error.hypothesis))[:limit]

    def best(self, limit: int = 5) -> list[ScoredExample]:
        """Return the examples with the lowest CER, long ones first: a long one read right says more."""
        return sorted(self.examples, key=lambda example: (example.characters.rate, *_long_first(example)))[:limit]

    def median(self, limit: int = 5) -> list[ScoredExample]:
        """Return the examples in the middle of the CER."""
        first = max(0, (len(self.examples) - limit) // 2)
        return self.best(len(self.examples))[first : first + limit]

    def worst(self, limit: int = 5) -> list[ScoredExample]:
        """Return the examples with the highest CER, long ones first."""
        return sorted(self.examples, key=lambda example: (-example.characters.rate, *_long_first(example)))[:limit]

    def doubtful(self, limit: int = 5) -> list[ScoredExample]:
        """Return bad examples read with confidence, most confident first: look at their labels."""
        bad = [example for example in self.examples if example.characters.rate >= DOUBTFUL_RATE]
        confident = [example for example in bad if not math.isnan(example.recognition.confidence)]
        return sorted(confident, key=lambda example: (-example.recognition.confidence, example.recognition.id))[:limit]


def _long_first(example: ScoredExample) -> tuple[int, str]:
    return -example.characters.reference_length, example.recognition.id
