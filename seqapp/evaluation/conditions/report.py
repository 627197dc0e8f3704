"""Report of an evaluation under recording conditions, as a table and as JSON."""

import dataclasses
import json
from collections.abc import Sequence

from seqapp.evaluation.conditions.condition_scores import ConditionScore, pooled_quality
from seqapp.evaluation.conditions.confidence_quality import ConfidenceQuality
from seqapp.evaluation.report_json import to_dict

SCHEMA = 1


def render_conditions(scores: Sequence[ConditionScore], as_json: bool = False) -> str:
    """Return the report of the scores, ending in a line break."""
    return conditions_to_json(scores) if as_json else conditions_to_text(scores)


def conditions_to_text(scores: Sequence[ConditionScore]) -> str:
    """Return a table with a row for each condition; ends in a line break.

    Args:
        scores: `ConditionScore`s, the clean one first.
    """
    width = max(len(score.title) for score in scores)
    clean = scores[0].evaluation
    head = f"{'condition':<{width}}    CER    WER  x clean  confidence  of bad  AUROC   ECE  sure"
    rows = [
        f"{score.title:<{width}} {_rates(score.evaluation, clean)} {_quality(score.quality)}"
        for score in scores
        if score.has_text
    ]
    rows.append(f"{'all together':<{width}} {'':>22} {_quality(pooled_quality(scores))}")
    nothing = [score for score in scores if not score.has_text]
    if nothing:
        rows += ["", "without a text"]
        rows += [f"{score.title:<{width}} {'':>22} {_confidence(score.quality)}" for score in nothing]
    explanation = (
        f"{len(clean.examples)} {clean.unit}s; rates in percent. x clean: CER over that of clean input.\n"
        "Confidence: mean of all readings, and of bad ones (CER above 50 %). AUROC: how well it tells\n"
        "right readings from wrong ones (0.5: not at all). ECE: its distance from the share that is right.\n"
        "Sure: readings that reach the model's bound; of input without a text there should be none."
    )
    return "\n".join([head, *rows, "", explanation]) + "\n"


def conditions_to_json(scores: Sequence[ConditionScore]) -> str:
    """Return the scores as indented JSON, ending in a line break; absent values are null."""
    clean = scores[0].evaluation
    values = {
        "schema": SCHEMA,
        "conditions": [
            {
                "condition": score.name,
                "has_text": score.has_text,
                "cer_ratio": _ratio(score.evaluation.characters, clean.characters),
                "wer_ratio": _ratio(score.evaluation.words, clean.words),
                "confidence": dataclasses.asdict(score.quality),
                **to_dict(score.evaluation),
            }
            for score in scores
        ],
        "pooled_confidence": dataclasses.asdict(pooled_quality(scores)),
    }
    return json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _rates(evaluation, clean):
    ratio = _ratio(evaluation.characters, clean.characters)
    rates = f"{100 * evaluation.characters.rate:6.2f} {100 * evaluation.words.rate:6.2f}"
    return f"{rates} {ratio:8.2f}" if ratio is not None else f"{rates} {'-':>8}"


def _ratio(counts, clean):
    return counts.rate / clean.rate if clean.errors else None


def _quality(quality: ConfidenceQuality) -> str:
    error = quality.expected_calibration_error
    columns = (
        _number(quality.mean, 11, 2), _number(quality.mean_of_bad, 7, 2), _number(quality.auroc, 6, 3),
        _number(None if error is None else 100 * error, 5, 1), _sure(quality),
    )  # fmt: skip
    return " ".join(columns)


def _confidence(quality):
    """The columns that say something where no text is left."""
    return f"{_number(quality.mean, 11, 2)} {'':>20} {_sure(quality)}"


def _sure(quality):
    return _number(100 * quality.num_sure / quality.num_readings if quality.num_readings else None, 5, 0)


def _number(value, width, digits):
    return f"{'-' if value is None else format(value, f'.{digits}f'):>{width}}"
