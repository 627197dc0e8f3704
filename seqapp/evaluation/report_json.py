"""Report of an evaluation as JSON: its keys are an interface, its rates fractions, absent values null."""

import dataclasses
import json
import math

from seqapp.evaluation.bootstrap import Interval
from seqapp.evaluation.evaluation import Evaluation, ScoredExample
from seqapp.text.error_rates import ErrorCounts

SCHEMA = 3  # raised when a key changes its meaning or goes


def to_json(evaluation: Evaluation) -> str:
    """Return `to_dict(evaluation)` as indented JSON, ending in a line break."""
    return json.dumps(to_dict(evaluation), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_dict(evaluation: Evaluation) -> dict:
    """Return the evaluation as plain types: dict, list, str, int, float, None."""
    return {
        "schema": SCHEMA,
        "normalization": evaluation.normalization,
        "unit": evaluation.unit,
        "num_examples": len(evaluation.examples),
        "num_wrong_examples": evaluation.num_wrong_examples,
        "num_skipped": len(evaluation.skipped),
        "skipped": [{"id": id, "reason": reason} for id, reason in evaluation.skipped],
        **rates(evaluation),
        "texts_not_in_training": _part(evaluation),
        "unseen_characters": dict(evaluation.unseen),
        "confusions": [{"kind": c.kind, **dataclasses.asdict(c)} for c in evaluation.confusions()],
        "group": evaluation.group,
        "groups": [_group(group) for group in evaluation.groups],
        "pages": [_group(page) for page in evaluation.pages],
        "length_bins": [
            {"low": b.low, "high": b.high, "num_examples": b.num_examples, "cer": _counts(b.characters)}
            for b in evaluation.length_bins
        ],
        "samples": {
            "best": [_example(example) for example in evaluation.best()],
            "median": [_example(example) for example in evaluation.median()],
            "worst": [_example(example) for example in evaluation.worst()],
            "doubtful": [_example(example) for example in evaluation.doubtful()],
        },
        "examples": [_example(example) for example in evaluation.examples],
    }


def rates(evaluation: Evaluation) -> dict:
    """Return the error rates of an evaluation, with their counts and intervals."""
    return {
        "cer": {**_counts(evaluation.characters), "interval": _interval(evaluation.cer_interval)},
        "wer": {**_counts(evaluation.words), "interval": _interval(evaluation.wer_interval)},
    }


def _part(evaluation: Evaluation) -> dict | None:
    """Return the errors in texts that were not seen in training; null where training texts are not known."""
    part = evaluation.texts_not_in_training
    if part is None:
        return None
    return {
        "num_in_training": len(evaluation.examples) - len(part.examples),
        "num_examples": len(part.examples),
        "num_wrong_examples": part.num_wrong_examples,
        **rates(part),
    }


def _counts(counts: ErrorCounts) -> dict:
    """Return counts as a dict; a rate of nothing is null, not 0: an empty test set is no perfect score."""
    return {
        "rate": counts.rate if counts.reference_length else None,
        **dataclasses.asdict(counts),
        "reference_length": counts.reference_length,
    }


def _interval(interval: Interval | None) -> dict | None:
    return None if interval is None else dataclasses.asdict(interval)


def _group(group) -> dict:
    return {
        "group_id": group.group_id,
        "num_examples": group.num_examples,
        "num_wrong_examples": group.num_wrong_examples,
        "cer": {**_counts(group.characters), "interval": _interval(group.interval)},
        "wer": _counts(group.words),
    }


def _example(example: ScoredExample) -> dict:
    recognition = example.recognition
    return {
        "id": recognition.id,
        "group_id": recognition.group_id,
        "reference": recognition.reference,
        "hypothesis": recognition.hypothesis,
        "confidence": None if math.isnan(recognition.confidence) else recognition.confidence,
        "is_sure": recognition.is_sure,
        "text_in_training": recognition.text_in_training,
        "cer": _counts(example.characters),
    }
