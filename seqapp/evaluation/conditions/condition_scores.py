"""Scores under recording conditions: the same examples read clean, and damaged in each way."""

import dataclasses
import logging
import zlib
from collections.abc import Iterable, Sequence

import numpy as np

from seqapp.conditions.condition import Condition
from seqapp.conditions.tables import unreadable_of
from seqapp.evaluation.conditions.confidence_quality import ConfidenceQuality, confidence_quality
from seqapp.evaluation.evaluate import evaluate
from seqapp.evaluation.evaluation import Evaluation

log = logging.getLogger(__name__)

CLEAN = "clean"


@dataclasses.dataclass(frozen=True)
class ConditionScore:
    """One evaluation under one condition.

    Attributes:
        name: Of the condition with its strength, "level=-34", or "clean".
        title: The same with the unit, for tables.
        evaluation: `Evaluation`.
        has_text: Whether anything is left of the text; else error rates say nothing, and confidence should be low.
    """

    name: str
    title: str
    evaluation: Evaluation
    has_text: bool = True

    @property
    def quality(self) -> ConfidenceQuality:
        """What the confidences are worth."""
        return confidence_quality(self.evaluation.examples)


def score_conditions(
    transcriber, examples, clean: Evaluation, conditions: Iterable[Condition], batch_size=32, seed=0, **options
) -> list[ConditionScore]:
    """Evaluate the same examples under each condition.

    Damage is drawn from the seed, the condition's name and the example's id: it does not depend on which other examples
    or conditions there are.

    Args:
        transcriber: `Transcriber`.
        examples: `Examples` with labels.
        clean: `Evaluation` of them as they are.
        conditions: `Condition`s of its sense.
        batch_size: Examples at once.
        seed: Of all random damage.
        **options: For `seqapp.evaluation.summarise`.

    Returns:
        List of `ConditionScore`, the clean one first.
    """
    scores = [ConditionScore(CLEAN, CLEAN, clean)]
    ids = {*map(str, examples.ids)}
    skipped = [item for item in clean.skipped if item[0] not in ids]  # by the reader; those without a label recur
    for condition in conditions:
        log.info("under %s", condition.title)
        damaged = damage(examples, condition, transcriber.sense, seed)
        evaluation = evaluate(transcriber, damaged, skipped, batch_size, **options)
        has_text = condition.name not in unreadable_of(transcriber.sense.name)
        scores.append(ConditionScore(str(condition), condition.title, evaluation, has_text))
    return scores


def damage(examples, condition: Condition, sense, seed: int = 0):
    """Return the `Examples` under a `Condition`, their raw arrays as a file in that condition would give them.

    Args:
        examples: `Examples`.
        condition: `Condition`.
        sense: `Sense` of both.
        seed: Int.
    """
    inputs = [sense.as_array(examples.raw_of(i)) for i in range(len(examples))]
    arrays = []
    for index, raw in enumerate(inputs):

        def other(rng, index=index):
            place = rng.integers(len(inputs) - 1) if len(inputs) > 1 else 0
            return inputs[place + int(place >= index)] if len(inputs) > 1 else inputs[0]

        of_example = zlib.crc32(f"{seed} {condition} {examples.ids[index]}".encode())
        arrays.append(as_raw(condition.apply(raw, of_example, other), sense))
    return dataclasses.replace(
        examples,
        raw=np.concatenate([examples.raw[:0], *arrays]),
        splits=np.cumsum([0, *map(len, arrays)], dtype=np.int64),
    )


def as_raw(inputs: np.ndarray, sense) -> np.ndarray:
    """Convert what the graph takes to the raw type of a corpus: rounded and limited where that holds integers."""
    dtype = np.dtype(sense.raw_dtype)
    if dtype.kind == "f":
        return inputs.astype(dtype)
    limits = np.iinfo(dtype)
    return np.clip(np.round(inputs * sense.raw_full_scale), limits.min, limits.max).astype(dtype)


def pooled_quality(scores: Sequence[ConditionScore]) -> ConfidenceQuality:
    """What the confidences of all readings of all conditions that leave a text are worth."""
    return confidence_quality([each for score in scores if score.has_text for each in score.evaluation.examples])
