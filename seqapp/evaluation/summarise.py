"""From recognitions to an Evaluation: normalise, align, add up, resample."""

import collections
import dataclasses
from collections.abc import Iterable, Sequence

from seqapp.evaluation.bootstrap import REPLICATIONS, Interval, bootstrap_interval
from seqapp.evaluation.evaluation import Evaluation, GroupErrors, LengthBin, ScoredLine
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
) -> Evaluation:
    """Scores recognitions.

    Intervals resample writers or speakers where every line names its own and there are at least two, else lines;
    they say which.

    Args:
        recognitions: In any order: the result does not depend on it.
        skipped: (id, reason) of examples that could not be read, such as `Skipped.items`: reported, not
            scored.
        alphabet: That of training; with it, characters never seen in training are counted.
        normalization: Unicode form of both texts before scoring; whitespace is always made single.
        join_punctuation: Also remove the space before punctuation ("school ." scores as "school.").
        replications: Of the bootstrap.
        seed: Of the bootstrap.
        group: What a `group_id` names: "writer" or "speaker".

    Returns:
        The facts. With no recognitions all counts are zero and there are no intervals.
    """

    def spell(text: str) -> str:
        return normalize(attach_punctuation(text) if join_punctuation else text, normalization)

    recognitions = sorted(recognitions, key=lambda r: (r.id, r.group_id, r.reference, r.hypothesis))
    lines = [_score(recognition, spell) for recognition in recognitions]
    groups = _by_group(lines, seed)
    references = "".join(line.recognition.reference for line in lines)
    unseen = alphabet.unknown(references) if alphabet is not None else set()
    return Evaluation(
        lines=tuple(lines),
        groups=tuple(groups),
        length_bins=tuple(_by_length(lines)),
        pairs=_count_pairs(lines),
        cer_interval=_interval(lines, groups, group, "characters", replications, seed),
        wer_interval=_interval(lines, groups, group, "words", replications, seed),
        unseen={character: references.count(character) for character in sorted(unseen)},
        skipped=tuple((str(id), str(reason)) for id, reason in skipped),
        normalization=f"{normalization}, single spaces{', punctuation attached' if join_punctuation else ''}",
        group=group,
    )


def _score(recognition: Recognition, spell) -> ScoredLine:
    reference, hypothesis = spell(recognition.reference), spell(recognition.hypothesis)
    spelled = dataclasses.replace(recognition, reference=reference, hypothesis=hypothesis)
    if hypothesis != recognition.hypothesis:  # the frames belong to characters that are no longer there
        spelled = dataclasses.replace(spelled, char_frames=(), char_confidences=())
    return ScoredLine(spelled, character_errors(reference, hypothesis), word_errors(reference, hypothesis))


def _by_group(lines: Sequence[ScoredLine], seed: int) -> list[GroupErrors]:
    groups = collections.defaultdict(list)
    for line in lines:
        groups[line.recognition.group_id].append(line)
    return [_sum_group(group_id, groups[group_id], seed) for group_id in sorted(groups)]


def _sum_group(group_id: str, lines: Sequence[ScoredLine], seed: int) -> GroupErrors:
    counts = [line.characters for line in lines]
    return GroupErrors(
        group_id=group_id,
        num_lines=len(lines),
        num_wrong_lines=sum(count.errors > 0 for count in counts),
        characters=sum(counts, ErrorCounts()),
        words=sum((line.words for line in lines), ErrorCounts()),
        interval=_resample(counts, "line", _GROUP_REPLICATIONS, seed),
    )


def _by_length(lines: Sequence[ScoredLine]) -> list[LengthBin]:
    bins = []
    for low, high in LENGTH_BINS:
        inside = [line for line in lines if low <= line.characters.reference_length <= (high or float("inf"))]
        bins.append(LengthBin(low, high, len(inside), sum((line.characters for line in inside), ErrorCounts())))
    return bins


def _count_pairs(lines: Sequence[ScoredLine]) -> dict[tuple[str, str], int]:
    counter = collections.Counter()
    for line in lines:
        counter.update(align_characters(line.recognition.reference, line.recognition.hypothesis))
    return dict(sorted(counter.items()))


def _interval(
    lines: Sequence[ScoredLine],
    groups: Sequence[GroupErrors],
    group: str,
    field: str,
    replications: int,
    seed: int,
) -> Interval | None:
    by_group = len(groups) >= 2 and all(g.group_id for g in groups)
    units, unit = (groups, group) if by_group else (lines, "line")
    return _resample([getattr(entry, field) for entry in units], unit, replications, seed)


def _resample(counts: Sequence[ErrorCounts], unit: str, replications: int, seed: int) -> Interval | None:
    errors = [count.errors for count in counts]
    lengths = [count.reference_length for count in counts]
    return bootstrap_interval(errors, lengths, unit, replications, seed)
