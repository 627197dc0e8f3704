"""Preparation of a recogniser's corpora: usable examples, their batches, the alphabet of their texts."""

import dataclasses
import logging
from collections.abc import Callable

import numpy as np

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.conditions.fit_confidence import draw_labelled
from seqapp.input_pipeline import BatchPlan, BucketPlan, Corpus, Examples, evaluation_batches, stretches, survey
from seqapp.input_pipeline.record_examples import joined
from seqapp.input_pipeline.stretch import NUM_BATCHES, best_buckets, shapes_and_padding
from seqapp.recipe import Recipe
from seqapp.senses import sense_of
from seqapp.text import Alphabet

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Corpora:
    """The examples that a training reads.

    Attributes:
        train: `Examples` of the main corpus, each once an epoch; these and those below may be `RecordExamples`.
        extra: `Examples` mixed into training only.
        validation: `Examples` that choose the best weights.
        left_out: `Skipped` of the readers.
    """

    train: Examples
    extra: Examples
    validation: Examples
    left_out: Skipped = dataclasses.field(default_factory=Skipped)

    def alphabet(self, recipe: Recipe) -> Alphabet:
        """Return the symbols of a `Recipe`, or where it names none, those of all training texts."""
        symbols = recipe.output.alphabet
        return Alphabet(tuple(symbols)) if symbols else Alphabet.from_texts([*self.train.texts, *self.extra.texts])


@dataclasses.dataclass(frozen=True)
class Preparation:
    """Surveyed corpora in batches.

    Attributes:
        ids: Ids of the training examples, by `index` of the batches.
        corpus: `Corpus` of training.
        plan: `BatchPlan` over it.
        validation_batches: tf.data.Dataset, see `evaluation_batches`.
        validation_texts: References by `index` of these.
        skipped: From split to `Skipped`; that of the readers, of all splits together, under "reader".
    """

    ids: np.ndarray
    corpus: Corpus
    plan: BatchPlan
    validation_batches: object
    validation_texts: np.ndarray
    skipped: dict[str, Skipped]


def calibration_examples(validation: Examples, recipe: Recipe) -> Examples:
    """Draw the labelled `Examples` that a `Recipe` fits the confidence of readings to."""
    return draw_labelled(validation, recipe.output.confidence_examples, recipe.training.seed)


def prepare(corpora: Corpora, recipe: Recipe, alphabet: Alphabet, output_length: Callable) -> Preparation:
    """Survey the corpora and plan their batches.

    Args:
        corpora: `Corpora`.
        recipe: `Recipe`.
        alphabet: `Alphabet`.
        output_length: Function from feature frames to logit frames.

    Raises:
        ValueError: Where nothing usable is left to train or validate on.
    """
    sense = sense_of(recipe)
    surveys = {}
    usable = {}
    limits = {"train": recipe.data.max_frames, "extra": recipe.data.max_frames, "validation": None}
    for name, max_frames in limits.items():
        examples = getattr(corpora, name)
        surveys[name] = survey(examples, recipe, alphabet, output_length, name, max_frames)
        usable[name] = examples.select(surveys[name].usable)
    skipped = {"reader": corpora.left_out, **{name: result.skipped for name, result in surveys.items()}}
    if not len(usable["validation"]):
        raise ValueError(f"No usable validation example. Skipped: {skipped['validation'].first()}.")
    frames = {name: result.num_frames[result.usable] for name, result in surveys.items()}
    training = joined(usable["train"], usable["extra"], sense)
    corpus = Corpus(training, alphabet, sense)
    num_frames = np.concatenate([frames["train"], frames["extra"]])
    plan = BatchPlan(
        num_frames=num_frames,
        num_labels=corpus.num_labels,
        groups=training.group_ids,
        is_extra=np.arange(len(training)) >= len(usable["train"]),
        extra_share=recipe.data.extra_share if len(usable["extra"]) else 0.0,
        longest_row=sense.longest_row,
        batch_frames=recipe.data.batch_frames,
        max_batch_size=recipe.data.max_batch_size,
        seed=recipe.training.seed,
    )
    if recipe.training.compile == "step":
        plan = _of_few_shapes(plan, corpus)
    validation = Corpus(usable["validation"], alphabet, sense)
    batches = evaluation_batches(validation, frames["validation"], recipe, output_length)
    return Preparation(training.ids, corpus, plan, batches, usable["validation"].texts, skipped)


def _of_few_shapes(plan, corpus):
    """Return a `BucketPlan` in the place of a `BatchPlan`."""
    fields = {field.name: getattr(plan, field.name) for field in dataclasses.fields(BatchPlan)}
    plan = best_buckets(BucketPlan(**fields, ratios=stretches(corpus, plan.num_frames, plan.seed)))
    shapes, padding = shapes_and_padding(plan, plan.ratios, most_batches=NUM_BATCHES)
    ends = [plan.shapes[k].num_frames for k in (0, -1)]
    log.info("batches of %d shapes, from %d frames to %d; %.1f %% of them padding", len(shapes), *ends, 100 * padding)
    return plan
