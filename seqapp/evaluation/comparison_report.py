"""Report of a paired comparison of models as text and as JSON, or of the one evaluation that was pooled."""

import dataclasses
import json
from pathlib import Path

from seqapp.evaluation.bootstrap import Interval, PairedDifference
from seqapp.evaluation.comparison import Comparison, Contrast
from seqapp.evaluation.evaluation import Evaluation
from seqapp.evaluation.report import to_text
from seqapp.evaluation.report_json import SCHEMA, rates, to_dict, to_json
from seqapp.evaluation.trn import write_trn
from seqapp.text.error_rates import ErrorCounts

FEW_UNITS = 10  # below that the percentiles of a bootstrap are too narrow


def render(result: Evaluation | Comparison, as_json: bool = False) -> str:
    """Return the report of an evaluation or a comparison, ending in a line break."""
    if isinstance(result, Comparison):
        return comparison_to_json(result) if as_json else comparison_to_text(result)
    return to_json(result) if as_json else to_text(result)


def comparison_to_text(comparison: Comparison) -> str:
    """Return a table of the models' error rates, and the differences from the first; ends in a line break."""
    first = comparison.evaluations[0]
    total = len(first.examples)
    lines = [f"{total} {first.unit}s, read by each model; error rates in percent with 95 % intervals"]
    lines += _rows_and_contrasts(comparison)
    if part := comparison.texts_not_in_training:
        new = len(part.evaluations[0].examples)
        heading = f"Texts seen in training: {total - new} {first.unit}s. Not seen: {new}, of which"
        lines += ["", heading, *_rows_and_contrasts(part)]
    return "\n".join(lines) + "\n"


def comparison_to_json(comparison: Comparison) -> str:
    """Return the evaluations and the contrasts as indented JSON, ending in a line break."""
    models = [{"model": name, **to_dict(each)} for name, each in zip(comparison.names, comparison.evaluations)]
    contrasts = [dataclasses.asdict(contrast) for contrast in comparison.contrasts]
    part = _part(comparison.texts_not_in_training)
    values = {"schema": SCHEMA, "models": models, "contrasts": contrasts, "texts_not_in_training": part}
    return json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_all_trn(result: Evaluation | Comparison, folder: str | Path) -> None:
    """Write ref.trn and hyp.trn; of a comparison into folders 1, 2, ... in the order of the models."""
    if isinstance(result, Comparison):
        for number, evaluation in enumerate(result.evaluations, start=1):
            write_trn(evaluation, Path(folder) / str(number))
    else:
        write_trn(result, folder)


def _rows_and_contrasts(comparison: Comparison) -> list[str]:
    first = comparison.evaluations[0]
    width = max(map(len, comparison.names))
    rows = [
        f"{name:<{width}}  CER {_rate(each.characters, each.cer_interval)}  WER {_rate(each.words, each.wer_interval)}"
        for name, each in zip(comparison.names, comparison.evaluations)
    ]
    return rows + [line for each in comparison.contrasts for line in _contrast(each, first)]


def _part(part: Comparison | None) -> dict | None:
    """Return the comparison on texts that no model saw in training; null where training texts are not known."""
    if part is None:
        return None
    return {
        "num_examples": len(part.evaluations[0].examples),
        "models": [{"model": name, **rates(each)} for name, each in zip(part.names, part.evaluations)],
        "contrasts": [dataclasses.asdict(contrast) for contrast in part.contrasts],
    }


def _rate(counts: ErrorCounts, interval: Interval | None) -> str:
    rate = f"{100 * counts.rate:6.2f}" if counts.reference_length else "     -"
    return rate + (f" [{100 * interval.low:6.2f}, {100 * interval.high:6.2f}]" if interval else "")


def _contrast(contrast: Contrast, first: Evaluation) -> list[str]:
    equal = len(first.examples) - contrast.num_better - contrast.num_worse
    lines = [
        "",
        f"{contrast.model} against {contrast.baseline}: better in {contrast.num_better} {first.unit}s, "
        f"worse in {contrast.num_worse}, equal in {equal}",
    ]
    for name, difference in (("CER", contrast.cer), ("WER", contrast.wer)):
        if difference is not None:
            lines.append(f"  {name} {_points(difference)}")
    if contrast.cer is not None:
        few = " Few units: take interval and p with caution." if contrast.cer.num_units < FEW_UNITS else ""
        unit = f"{contrast.cer.num_units} {contrast.cer.unit}s"
        lines.append(f"  Paired bootstrap over {unit}, percentage points with 95 % intervals, p two-sided.{few}")
    return lines


def _points(difference: PairedDifference) -> str:
    low, high = (f"{100 * end:+.2f}" for end in (difference.low, difference.high))
    return f"{100 * difference.difference:+7.2f} [{low}, {high}]  p {difference.p_value:.4f}"
