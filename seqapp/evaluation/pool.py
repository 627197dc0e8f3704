"""Pooled evaluation of several models with a test set each, such as leave-one-speaker-out cross-validation."""

import collections
from collections.abc import Sequence

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.evaluation import Evaluation
from seqapp.evaluation.summarise import summarise


def pool(evaluations: Sequence[Evaluation], **options) -> Evaluation:
    """Sum errors over all examples and resamples all groups, as if one model had read everything.

    Args:
        evaluations: At least one, of examples of one kind.
        **options: For `summarise`, those that the evaluations were made with.

    Returns:
        The evaluation itself where there is only one. What several left out is listed once.

    Raises:
        ValueError: An example occurs in two of them: it would count twice, and once as seen in training.
    """
    first, *others = evaluations
    if not others:
        return first
    recognitions = [example.recognition for evaluation in evaluations for example in evaluation.examples]
    _check_ids([recognition.id for recognition in recognitions])
    skipped = Skipped(dict.fromkeys(item for evaluation in evaluations for item in evaluation.skipped))
    pooled = summarise(recognitions, skipped, group=first.group, unit=first.unit, **options)
    for evaluation in evaluations:  # each by the alphabet of its own model
        for character, count in evaluation.unseen.items():
            pooled.unseen[character] = pooled.unseen.get(character, 0) + count
    return pooled


def _check_ids(ids: Sequence[str]) -> None:
    id, count = collections.Counter(ids).most_common(1)[0] if ids else ("", 1)
    if count > 1:
        raise ValueError(
            f"Expected models with a test set each, such as speakers left out in turn. Received: example {id!r} "
            f"{count} times. Give --dataset recipe, each model's own corpus, or evaluate them one by one."
        )
