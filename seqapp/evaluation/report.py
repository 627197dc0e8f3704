"""Report of an evaluation as a table of text, with the columns of sclite, at most 99 characters wide."""

import statistics
import textwrap
from collections.abc import Callable, Sequence

from seqapp.evaluation.bootstrap import Interval
from seqapp.evaluation.evaluation import Evaluation, GroupErrors, ScoredExample
from seqapp.evaluation.glyphs import visible
from seqapp.evaluation.reliability import word_reliability
from seqapp.text.direction import in_columns
from seqapp.text.error_rates import ErrorCounts, align_characters

WIDTH = 99
_RULE = "-" * 94
_HEAD = "  {:<20} |  Snt     Chr |  Corr    Sub    Del    Ins    Err |    Wrd    Err | S.Err"


def to_text(evaluation: Evaluation, num_groups: int = 20, num_samples: int = 3) -> str:
    """Lay an evaluation out as fixed-width text.

    Args:
        evaluation: Any evaluation, also an empty one.
        num_groups: Rows of each table, of writers or speakers and of pages; the worst are shown.
        num_samples: Examples shown of each of best, median, worst and doubtful.

    Returns:
        Lines of at most WIDTH characters, ending in a line break. Rates are percent.
    """
    sections = (
        _summary(evaluation),
        _groups(evaluation.group, evaluation.groups, num_groups),
        _groups("page", evaluation.pages, num_groups),
        _lengths(evaluation),
        _confusions(evaluation),
        _samples(f"Best {evaluation.unit}s", evaluation.best(num_samples)),
        _samples(f"Median {evaluation.unit}s", evaluation.median(num_samples)),
        _samples(f"Worst {evaluation.unit}s", evaluation.worst(num_samples)),
        _samples(
            "Read with confidence, yet unlike the label: is the label right?",
            evaluation.doubtful(num_samples),
        ),
    )
    return "\n\n".join("\n".join(line[:WIDTH].rstrip() for line in section) for section in sections if section) + "\n"


def _summary(evaluation: Evaluation) -> list[str]:
    total = len(evaluation.examples)
    wrong = evaluation.num_wrong_examples
    lines = [
        _rate_line("CER", evaluation.characters, evaluation.cer_interval, "characters"),
        _rate_line("WER", evaluation.words, evaluation.wer_interval, "words"),
        f"S.Err {_percent(wrong, total)} %                   {wrong} of {total} {evaluation.unit}s hold an error",
        f"Scored as {evaluation.normalization}; aligned by jiwer (each edit costs 1); errors are summed.",
    ]
    if evaluation.cer_interval:
        interval = evaluation.cer_interval
        lines.append(f"95 % intervals: bootstrap over {interval.num_units} {interval.unit}s.")
    if part := evaluation.texts_not_in_training:
        lines += textwrap.wrap(_part_line(part, total), WIDTH, subsequent_indent="  ")
    if reliability := word_reliability(evaluation):
        error = 100 * reliability.expected_calibration_error
        lines.append(f"Confidences of {reliability.count.sum()} words: expected calibration error {error:.2f} %.")
    if evaluation.skipped:
        listed = ", ".join(f"{count} {reason}" for reason, count in evaluation.skipped.counts().most_common())
        lines += textwrap.wrap(
            f"Skipped, not scored: {len(evaluation.skipped)} ({listed}).", WIDTH, subsequent_indent="  "
        )
    if evaluation.unseen:
        listed = " ".join(f"{visible(character)}:{count}" for character, count in evaluation.unseen.items())
        lines += textwrap.wrap(
            f"Never seen in training: {sum(evaluation.unseen.values())} characters: {listed}",
            WIDTH,
            subsequent_indent="  ",
        )
    return lines


def _rate_line(name: str, counts: ErrorCounts, interval: Interval | None, unit: str) -> str:
    between = f"[{100 * interval.low:6.2f}, {100 * interval.high:6.2f}]" if interval else ""
    parts = f"{counts.substitutions} sub + {counts.deletions} del + {counts.insertions} ins"
    rate = _percent(counts.errors, counts.reference_length)
    return f"{name}   {rate} %  {between:<16}  {parts} of {counts.reference_length} {unit}"


def _part_line(part: Evaluation, total: int) -> str:
    new = len(part.examples)
    cer = _short_rate("CER", part.characters, part.cer_interval)
    wer = _short_rate("WER", part.words, part.wer_interval)
    return f"Texts seen in training: {total - new}; not seen: {new}, {cer}, {wer}"


def _short_rate(name: str, counts: ErrorCounts, interval: Interval | None) -> str:
    between = f" [{100 * interval.low:.2f}, {100 * interval.high:.2f}]" if interval else ""
    return f"{name} {_percent(counts.errors, counts.reference_length).strip()} %{between}"


def _groups(group: str, groups: Sequence[GroupErrors], limit: int) -> list[str]:
    if not groups:
        return []
    worst = sorted(groups, key=lambda g: (-g.characters.rate, g.group_id))
    left_out = f", the worst {limit} of {len(groups)}" if len(groups) > limit else ""
    rows = [_row(_shortened(g.group_id or "(unknown)"), _columns(g)) for g in worst[:limit]]
    columns = [_columns(g) for g in groups]
    return [
        f"By {group}{left_out}; counts, then percent of characters (Chr) and of words (Wrd)",
        _RULE, _HEAD.format(group), _RULE, *rows, _RULE,
        _row("Sum/Avg", _total(groups)),
        _row("Mean", _statistic(statistics.fmean, columns)),
        _row("S.D.", _statistic(_deviation, columns)),
        _row("Median", _statistic(statistics.median, columns)),
        _RULE,
    ]  # fmt: skip


def _columns(group: GroupErrors) -> list[float]:
    chars = group.characters
    words = group.words
    parts = (chars.hits, chars.substitutions, chars.deletions, chars.insertions, chars.errors)
    percents = [100 * part / max(chars.reference_length, 1) for part in parts]
    wrong = 100 * group.num_wrong_examples / max(group.num_examples, 1)
    return [
        group.num_examples,
        chars.reference_length,
        *percents,
        words.reference_length,
        100 * words.rate,
        wrong,
    ]


def _total(groups: Sequence[GroupErrors]) -> list[float]:
    characters = sum((group.characters for group in groups), ErrorCounts())
    words = sum((group.words for group in groups), ErrorCounts())
    num_examples = sum(g.num_examples for g in groups)
    num_wrong = sum(g.num_wrong_examples for g in groups)
    return _columns(GroupErrors("", num_examples, num_wrong, characters, words, None))


def _statistic(function: Callable, columns: Sequence[Sequence[float]]) -> list[float]:
    return [function(column) for column in zip(*columns, strict=True)]


def _deviation(values: Sequence[float]) -> float:
    return statistics.stdev(values) if len(values) > 1 else 0.0


def _row(name: str, c: Sequence[float]) -> str:
    percents = "  ".join(f"{value:>5.1f}" for value in c[2:7])
    return f"  {name:<20} | {c[0]:>4.0f} {c[1]:>7.0f} | {percents} | {c[7]:>6.0f}  {c[8]:>5.1f} | {c[9]:>5.1f}"


def _lengths(evaluation: Evaluation) -> list[str]:
    filled = [b for b in evaluation.length_bins if b.num_examples]
    rows = []
    for bin in filled:
        span = f"{bin.low}-{bin.high}" if bin.high is not None else f"{bin.low}+"
        rows.append(
            f"  {span:>7}  {bin.num_examples:>6} {evaluation.unit}s   {100 * bin.characters.rate:>6.2f} %  "
            + "#" * round(50 * min(bin.characters.rate, 1))
        )
    return ["CER by characters in the reference (# is 2 %)", *rows] if rows else []


def _confusions(evaluation: Evaluation) -> list[str]:
    cells = [f"{c.count:>6}  {visible(c.reference):>3} > {visible(c.hypothesis):<8}" for c in evaluation.confusions()]
    rows = ["".join(cells[start : start + 4]) for start in range(0, len(cells), 4)]
    return ["Most frequent errors: count, written > read (ε: nothing, ␣: space)", *rows] if rows else []


def _samples(title: str, examples: Sequence[ScoredExample]) -> list[str]:
    return [title, *(row for example in examples for row in _sample(example))] if examples else []


def _sample(example: ScoredExample) -> list[str]:
    """Write the reference over the hypothesis, gaps as ·, and below each error its kind: S, D or I."""
    counts = example.characters
    recognition = example.recognition
    confidence = (
        "" if recognition.confidence != recognition.confidence else f", confidence {recognition.confidence:.2f}"
    )
    rows = [f"  {recognition.id}: {_percent(counts.errors, counts.reference_length).strip()} %{confidence}"]
    pairs = align_characters(recognition.reference, recognition.hypothesis)
    for start in range(0, len(pairs), WIDTH - 10):
        part = pairs[start : start + WIDTH - 10]
        rows.append("    ref " + in_columns("".join(reference or "·" for reference, _ in part)))
        rows.append("    hyp " + in_columns("".join(hypothesis or "·" for _, hypothesis in part)))
        rows.append("        " + "".join(_mark(*pair) for pair in part))
    return [row for row in rows if row.strip()]


def _mark(reference: str, hypothesis: str) -> str:
    if reference == hypothesis:
        return " "
    return "I" if not reference else "S" if hypothesis else "D"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:6.2f}" if whole else "     -"


def _shortened(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:9]}…{name[-10:]}"  # pages of one book begin alike
