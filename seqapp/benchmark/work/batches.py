"""Input workload: batches of a recipe as a training gets them, in examples per core-second."""

import itertools
import logging
import time
import types
from collections.abc import Iterable, Sequence

import numpy as np

import seqapp.recipe
from seqapp.command_line import find_recipe, recipe_names
from seqapp.input_pipeline import BatchPlan, Corpus, Examples, training_batches
from seqapp.recipe import Recipe
from seqapp.senses import sense_of
from seqapp.text import Alphabet

logger = logging.getLogger(__name__)

AXES = "examples, frames in each"
TEXT = "as many letters as there may be"


def input_rows(
    num_examples: int, num_frames: int, steps: int, gpu_frames_per_s: int, only: Sequence[str], threads: int
) -> list[dict]:
    """Time the input of each recipe of a recogniser.

    Args:
        num_examples: Made-up examples.
        num_frames: Feature frames of each, about.
        steps: Batches that are timed, behind as many that are not.
        gpu_frames_per_s: Frames that a GPU trains in a second.
        only: Parts of names of recipes; empty: all.
        threads: What to write into the rows.

    Returns:
        Rows: processor time, not wall time, counts, so that other load on the machine does not.
    """
    rows = []
    for name, recipe in chosen_recipes(only).items():
        logger.info("input of %s", name)
        rows.append(_timed(name, recipe, num_examples, num_frames, steps))
        cores = gpu_frames_per_s / rows[-1]["frames_per_core_s"]
        rows[-1] |= {"cores_for_gpu": round(cores, 1), "threads": threads}
    return rows


def chosen_recipes(only: Sequence[str]) -> dict[str, Recipe]:
    """Load the shipped recipes of recognisers by name, those whose names hold one of `only`; empty: all.

    Raises:
        ValueError: No name does.
    """
    recipes = {name: seqapp.recipe.load(find_recipe(name)) for name in recipe_names()}
    recipes = {name: recipe for name, recipe in recipes.items() if isinstance(recipe, Recipe)}
    chosen = {name: recipe for name, recipe in recipes.items() if not only or any(part in name for part in only)}
    if not chosen:
        raise ValueError(f"--only must be part of a recipe's name: {', '.join(recipes)}. Received: {' '.join(only)}.")
    return chosen


def _timed(name, recipe, num_examples, num_frames, steps):
    corpus, plan = made_up(recipe, num_examples, num_frames)
    # So many batches and no more: what is prefetched before or behind the clock would count wrongly.
    few = types.SimpleNamespace(
        longest_row=plan.longest_row, shapes=plan.shapes,
        batches=lambda start: itertools.islice(plan.batches(start), steps),
    )  # fmt: skip
    batches = training_batches(corpus, few, recipe, lambda frames: frames)
    _counted(batches)
    start = time.process_time()
    examples, frames = _counted(batches)
    seconds = time.process_time() - start
    return {
        "name": name, "shape": [num_examples, int(plan.num_frames[0])],
        "examples_per_core_s": round(examples / seconds, 1), "frames_per_core_s": round(frames / seconds),
    }  # fmt: skip


def _counted(batches: Iterable[dict]) -> tuple[int, int]:
    lengths = [batch["length"].numpy() for batch in batches]
    return sum(map(len, lengths)), int(sum(map(np.sum, lengths)))


def made_up(recipe: Recipe, num_examples: int, num_frames: int) -> tuple[Corpus, BatchPlan]:
    """Make a corpus of so many examples of about so many feature frames, and the plan of its batches."""
    sense = sense_of(recipe)
    raw = sense.made_up(num_frames)
    raw = (raw * sense.raw_full_scale).astype(sense.raw_dtype)
    record = {sense.group_key: "", "text": TEXT, sense.raw_key: raw}
    examples = Examples.from_iterable(({"id": str(i), **record} for i in range(num_examples)), sense)
    frames = np.full(num_examples, int(sense.num_frames(sense.as_inputs(raw))), np.int64)
    corpus = Corpus(examples, Alphabet.from_texts([TEXT]), sense)
    is_extra = np.zeros(num_examples, bool)
    plan = BatchPlan(
        num_frames=frames, num_labels=corpus.num_labels, groups=examples.group_ids, is_extra=is_extra, extra_share=0.0,
        longest_row=sense.longest_row, batch_frames=recipe.data.batch_frames,
        max_batch_size=min(recipe.data.max_batch_size, num_examples), seed=recipe.training.seed,
    )  # fmt: skip
    return corpus, plan
