"""Shapes of an epoch of a step that is compiled as a whole, and their padding, of lengths like LibriSpeech's."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from seqapp.benchmark.work.batches import chosen_recipes, made_up
from seqapp.input_pipeline import BatchPlan, BucketPlan, stretches
from seqapp.input_pipeline.stretch import best_buckets, shapes_and_padding

AXES = "examples, frames of the longest"
EPOCH = 3  # any but the one that the shapes were made of
FRAMES_PER_LABEL = 7  # of speech read aloud, where a frame is 10 ms


def shape_rows(num_examples: int, longest: int, only: Sequence[str], threads: int) -> list[dict]:
    """Count the shapes of each recipe's batches, and the share of their frames that holds nothing.

    Lengths are made up, and augmented by factors that the recipe's augmentation was seen to draw.

    Args:
        num_examples: Of the corpus; 28,539 has LibriSpeech's train-clean-100.
        longest: Feature frames of the longest example.
        only: Parts of names of recipes; empty: all.
        threads: What to write into the rows.

    Returns:
        Rows: shapes and padding (percent) of `BucketPlan`, and the padding of `BatchPlan` beside it.
    """
    lengths = speech_lengths(num_examples, longest)
    sizes = {"shape": [num_examples, longest], "threads": threads}
    return [{"name": name, **sizes, **_row(recipe, lengths)} for name, recipe in chosen_recipes(only).items()]


def speech_lengths(num_examples: int, longest: int) -> np.ndarray:
    """Make up lengths like LibriSpeech's, int64 `[n]`: 30 % short, the others from two thirds of the longest on."""
    rng = np.random.default_rng(0)
    is_short = rng.random(num_examples) < 0.3
    shares = np.where(is_short, rng.uniform(0.12, 0.6, num_examples), rng.uniform(0.67, 1.0, num_examples))
    return np.maximum(1, longest * shares).astype(np.int64)


def _row(recipe, lengths):
    corpus, plan = made_up(recipe, 8, 400)
    ratios = stretches(corpus, plan.num_frames, recipe.training.seed)
    plan = dataclasses.replace(
        plan, num_frames=lengths, num_labels=lengths // FRAMES_PER_LABEL, groups=np.array([""] * len(lengths), object),
        is_extra=np.zeros(len(lengths), bool), max_batch_size=recipe.data.max_batch_size,
    )  # fmt: skip
    bucket_plan = best_buckets(BucketPlan(**vars_of(plan), ratios=ratios))
    shapes, padding = shapes_and_padding(bucket_plan, ratios, EPOCH)
    _, without_shapes = shapes_and_padding(plan, ratios, EPOCH)
    return {"shapes": len(shapes), "padding": round(100 * padding, 1), "padding_parts": round(100 * without_shapes, 1)}


def vars_of(plan: BatchPlan) -> dict:
    """Return the arguments that a plan was made of."""
    return {field.name: getattr(plan, field.name) for field in dataclasses.fields(BatchPlan)}
