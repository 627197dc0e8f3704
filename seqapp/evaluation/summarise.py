"""Scoring of recognitions: normalise, align, sum, resample; the result is an Evaluation."""

import collections
import dataclasses
from collections.abc import Callable, Iterable, Sequence

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.bootstrap import REPLICATIONS, Interval, bootstrap_interval
from seqapp.evaluation.evaluation import Evaluation, GroupErrors, LengthBin, ScoredExample
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet
from seqapp.text.error_rates import ErrorCounts, align_characters, character_errors, word_errors
from seqapp.text.normalization import attach_punctuation, normalize

LENGTH_BINS = ((0, 5), (6, 10), (11, 20), (21, 40), (41, 80), (81, None))  # words to long lines, doubling
_GROUP_REPLICATIONS = 1_000  # an interval a writer or speaker, only drawn as an error bar


def summarise(
    recognitions: Iterable[Recognition],
    skipped: Iterable[tuple[str, str]] = (),
    alphabet: Alphabet | None = None,
    normalization: str = "NFC",
    join_punctuation: bool = False,
    replications: int = REPLICATIONS,
    seed: int = 0,
    group: str = "writer",
    unit: str = "line",
    training_texts: Iterable[str] | None = None,
) -> Evaluation:
    """Score recognitions.

    Intervals resample writers or speakers where every example names its own and there are at least two, else examples;
    they say which.

    Args:
        recognitions: In any order: the result does not depend on it.
        skipped: `Skipped`, or (id, reason) pairs, of examples that could not be read: reported, not scored.
        alphabet: That of training; with it, characters never seen in training are counted.
        normalization: Unicode form of both texts before scoring; whitespace is always made single.
        join_punctuation: Also remove the space before punctuation ("school ." scores as "school.").
        replications: Of the bootstrap.
        seed: Of the bootstrap.
        group: What a `group_id` names: "writer" or "speaker".
        unit: What a recognition is of: "line" or "utterance".
        training_texts: Texts that the model or its decoder learned from, normalised here as references are. None: what
            the recognitions say themselves.

    Returns:
        The facts. With no recognitions all counts are zero and there are no intervals.
    """

    def spell(text: str) -> str:
        return normalize(attach_punctuation(text) if join_punctuation else text, normalization)

    if training_texts is not None:
        known = {spell(text) for text in training_texts}
        recognitions = [dataclasses.replace(r, text_in_training=spell(r.reference) in known) for r in recognitions]
    recognitions = sorted(recognitions, key=lambda r: (r.id, r.group_id, r.reference, r.hypothesis))
    examples = [_score(recognition, spell) for recognition in recognitions]
    references = "".join(example.recognition.reference for example in examples)
    evaluation = Evaluation(
        **_facts(examples, group, unit, replications, seed),
        unseen=_count(alphabet.unknown(references) if alphabet is not None else (), examples),
        skipped=Skipped(skipped),
        normalization=f"{normalization}, single spaces{', punctuation attached' if join_punctuation else ''}",
        group=group,
        unit=unit,
    )
    in_training = [example.recognition.text_in_training for example in examples]
    if not in_training or None in in_training:
        return evaluation
    new = [example for example in examples if not example.recognition.text_in_training]
    return dataclasses.replace(evaluation, texts_not_in_training=part_of(evaluation, new, replications, seed))


def part_of(
    evaluation: Evaluation, examples: Sequence[ScoredExample], replications: int = REPLICATIONS, seed: int = 0
) -> Evaluation:
    """Return the evaluation of some of its examples; nothing is skipped, and it has no further part."""
    facts = _facts(examples, evaluation.group, evaluation.unit, replications, seed)
    unseen = _count(evaluation.unseen, examples)
    return dataclasses.replace(evaluation, **facts, unseen=unseen, skipped=Skipped(), texts_not_in_training=None)


def _facts(examples: Sequence[ScoredExample], group: str, unit: str, replications: int, seed: int) -> dict:
    groups = _sums(examples, _group_of, unit, seed)
    resampled, name = resampling_units(examples, groups, group, unit)
    return {
        "examples": tuple(examples),
        "groups": tuple(groups),
        "length_bins": tuple(_by_length(examples)),
        "pairs": _count_pairs(examples),
        "cer_interval": _resample([entry.characters for entry in resampled], name, replications, seed),
        "wer_interval": _resample([entry.words for entry in resampled], name, replications, seed),
        "pages": tuple(_sums(examples, _page_of, unit, seed)) if _has_pages(examples) else (),
    }


def _count(characters: Iterable[str], examples: Sequence[ScoredExample]) -> dict[str, int]:
    references = "".join(example.recognition.reference for example in examples)
    counts = {character: references.count(character) for character in sorted(characters)}
    return {character: count for character, count in counts.items() if count}


def _score(recognition: Recognition, spell) -> ScoredExample:
    reference = spell(recognition.reference)
    hypothesis = spell(recognition.hypothesis)
    spelled = dataclasses.replace(recognition, reference=reference, hypothesis=hypothesis)
    if hypothesis != recognition.hypothesis:  # the frames belong to characters that are no longer there
        spelled = dataclasses.replace(spelled, char_frames=(), char_confidences=())
    return ScoredExample(spelled, character_errors(reference, hypothesis), word_errors(reference, hypothesis))


def _group_of(example: ScoredExample) -> str:
    return example.recognition.group_id


def _page_of(example: ScoredExample) -> str:
    return example.recognition.page_id


def _has_pages(examples: Sequence[ScoredExample]) -> bool:
    """Return whether pages tell more than groups do: a corpus without writers has one group per page."""
    pages = {_page_of(e) for e in examples}
    groups = {_group_of(e) for e in examples}
    pairs = {(_page_of(e), _group_of(e)) for e in examples}
    return any(pages) and not len(pages) == len(groups) == len(pairs)


def _sums(examples: Sequence[ScoredExample], key: Callable, unit: str, seed: int) -> list[GroupErrors]:
    groups = collections.defaultdict(list)
    for example in examples:
        groups[key(example)].append(example)
    return [_sum_group(group_id, groups[group_id], unit, seed) for group_id in sorted(groups)]


def _sum_group(group_id: str, examples: Sequence[ScoredExample], unit: str, seed: int) -> GroupErrors:
    counts = [example.characters for example in examples]
    return GroupErrors(
        group_id=group_id,
        num_examples=len(examples),
        num_wrong_examples=sum(count.errors > 0 for count in counts),
        characters=sum(counts, ErrorCounts()),
        words=sum((example.words for example in examples), ErrorCounts()),
        interval=_resample(counts, unit, _GROUP_REPLICATIONS, seed),
    )


def _by_length(examples: Sequence[ScoredExample]) -> list[LengthBin]:
    bins = []
    for low, high in LENGTH_BINS:
        counts = [example.characters for example in examples]
        inside = [count for count in counts if low <= count.reference_length <= (high or float("inf"))]
        bins.append(LengthBin(low, high, len(inside), sum(inside, ErrorCounts())))
    return bins


def _count_pairs(examples: Sequence[ScoredExample]) -> dict[tuple[str, str], int]:
    counter = collections.Counter()
    for example in examples:
        counter.update(align_characters(example.recognition.reference, example.recognition.hypothesis))
    return dict(sorted(counter.items()))


def resampling_units(
    examples: Sequence[ScoredExample], groups: Sequence[GroupErrors], group: str, unit: str
) -> tuple[Sequence[ScoredExample | GroupErrors], str]:
    """Return the units that the intervals resample, and their name."""
    by_group = len(groups) >= 2 and all(g.group_id for g in groups)
    return (groups, group) if by_group else (examples, unit)


def _resample(counts: Sequence[ErrorCounts], unit: str, replications: int, seed: int) -> Interval | None:
    errors = [count.errors for count in counts]
    lengths = [count.reference_length for count in counts]
    return bootstrap_interval(errors, lengths, unit, replications, seed)
