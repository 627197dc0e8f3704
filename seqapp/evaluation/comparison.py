"""Paired comparison of models on the same examples: differences of error rates, bootstrap intervals, p-values."""

import dataclasses
import itertools
from collections.abc import Sequence

from seqapp.evaluation.bootstrap import REPLICATIONS, PairedDifference, paired_bootstrap
from seqapp.evaluation.evaluation import Evaluation
from seqapp.evaluation.pool import pool
from seqapp.evaluation.summarise import part_of, resampling_units


@dataclasses.dataclass(frozen=True)
class Contrast:
    """A model beside a baseline.

    Args:
        baseline: Name of the baseline.
        model: Name of the model.
        cer: Difference of the CER; None with fewer than two units.
        wer: The same of the WER.
        num_better: Examples in which the model makes fewer character errors.
        num_worse: Examples in which it makes more.
    """

    baseline: str
    model: str
    cer: PairedDifference | None
    wer: PairedDifference | None
    num_better: int
    num_worse: int


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Models that read the same examples.

    Args:
        names: Of the models; the first is the baseline.
        evaluations: One per model.
        contrasts: Each other model beside the baseline.
        texts_not_in_training: `Comparison` on the examples whose text none of the models saw in training, as far as
            that is known; None where it is of no model.
    """

    names: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]
    contrasts: tuple[Contrast, ...]
    texts_not_in_training: "Comparison | None" = None


def compare(
    names: Sequence[str], evaluations: Sequence[Evaluation], replications: int = REPLICATIONS, seed: int = 0
) -> Comparison:
    """Compare each model with the first, resampling the same writers, speakers or examples for both.

    Args:
        names: Of the models.
        evaluations: One per model, of the same examples.
        replications: Of the bootstrap.
        seed: Of the bootstrap.

    Raises:
        ValueError: The models read different examples.
    """
    baseline = evaluations[0]
    for name, evaluation in zip(names, evaluations, strict=True):
        if _ids(evaluation) != _ids(baseline):
            ids = sorted({*_ids(evaluation)} ^ {*_ids(baseline)})
            raise ValueError(
                f"Expected models that read the same examples. Received: {names[0]} and {name}, which differ in "
                f"{len(ids)}, {', '.join(ids[:3])} among them."
            )
    whole = _compare(names, evaluations, replications, seed)
    if all(evaluation.texts_not_in_training is None for evaluation in evaluations):
        return whole
    parts = _parts_not_in_training(evaluations, replications, seed)
    return dataclasses.replace(whole, texts_not_in_training=_compare(names, parts, replications, seed))


def pool_or_compare(names: Sequence[str], evaluations: Sequence[Evaluation], **options) -> Evaluation | Comparison:
    """Compare models that read the same examples; pool those with a test set each.

    Args:
        names: Of the models.
        evaluations: One per model.
        **options: For `pool`.

    Raises:
        ValueError: Some examples were read by several models and others were not.
    """
    if len(evaluations) > 1 and all(_ids(evaluation) == _ids(evaluations[0]) for evaluation in evaluations):
        return compare(names, evaluations)
    return pool(evaluations, **options)


def _ids(evaluation):
    return [example.recognition.id for example in evaluation.examples]


def _compare(names, evaluations, replications, seed):
    others = zip(names[1:], evaluations[1:])
    contrasts = [_contrast(names[0], evaluations[0], name, other, replications, seed) for name, other in others]
    return Comparison(tuple(names), tuple(evaluations), tuple(contrasts))


def _parts_not_in_training(evaluations, replications, seed):
    """Return the same part of each evaluation: models of other corpora are compared on what is new to all."""
    columns = list(zip(*(evaluation.examples for evaluation in evaluations), strict=True))
    is_new = [not any(example.recognition.text_in_training for example in column) for column in columns]
    return [
        part_of(evaluation, list(itertools.compress(evaluation.examples, is_new)), replications, seed)
        for evaluation in evaluations
    ]


def _contrast(baseline_name, baseline, name, model, replications, seed):
    pairs = list(zip(baseline.examples, model.examples, strict=True))
    return Contrast(
        baseline=baseline_name,
        model=name,
        cer=_difference(baseline, model, "characters", replications, seed),
        wer=_difference(baseline, model, "words", replications, seed),
        num_better=sum(new.characters.errors < old.characters.errors for old, new in pairs),
        num_worse=sum(new.characters.errors > old.characters.errors for old, new in pairs),
    )


def _difference(baseline, model, field, replications, seed):
    units = [resampling_units(each.examples, each.groups, each.group, each.unit) for each in (baseline, model)]
    counts = [[getattr(unit, field) for unit in resampled] for resampled, _ in units]
    columns = [([c.errors for c in column], [c.reference_length for c in column]) for column in counts]
    return paired_bootstrap(*columns, units[0][1], replications, seed)
