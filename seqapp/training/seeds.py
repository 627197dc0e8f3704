"""Training of a recipe once, or with several seeds: one workdir per seed, mean and spread of their scores."""

import dataclasses
import json
import logging
import statistics
from collections.abc import Sequence
from pathlib import Path

from seqapp.models.workdir import write_whole
from seqapp.recipe import LanguageRecipe, Recipe
from seqapp.training.make_training import make_training

log = logging.getLogger(__name__)


def train(
    recipe: Recipe | LanguageRecipe, workdir: str | Path, seeds: Sequence[int] | None = None, **sources
) -> tuple[dict, bool]:
    """Train a recipe, or the same recipe once per seed, in workdir/seed_0 and so on; the same call resumes.

    Args:
        recipe: `Recipe` or `LanguageRecipe`; its own seed is replaced where there are seeds.
        workdir: The workdir, or the folder of the workdirs and of seeds.json.
        seeds: One training per seed; None: one training.
        **sources: As for `make_training`: corpora, and a model to begin with.

    Returns:
        facts: Of best.json; with seeds the `summary` of them all, which lies in seeds.json too.
        was_stopped: Whether a signal ended a training before its last step; those behind it were not begun.
    """
    if not seeds:
        training = make_training(recipe, workdir, **sources)
        return training.run(), training.was_stopped
    facts = []
    for seed in seeds:
        seeded = dataclasses.replace(recipe, training=dataclasses.replace(recipe.training, seed=seed))
        training = make_training(seeded, Path(workdir) / f"seed_{seed}", **sources)
        log.info("seed %d: training %d of %d", seed, len(facts) + 1, len(seeds))
        facts.append(training.run())
        if training.was_stopped:
            break
    result = {"seeds": list(seeds[: len(facts)]), **summary(facts)}
    write_whole(Path(workdir) / "seeds.json", json.dumps(result, indent=2) + "\n")
    return result, training.was_stopped


def summary(facts: Sequence[dict[str, float]]) -> dict[str, dict]:
    """Return mean, standard deviation and values of each number that all trainings have.

    The standard deviation is that of a sample (n - 1 in the denominator), None for a single training.
    """
    names = [name for name in facts[0] if all(name in each for each in facts)]
    columns = {name: [each[name] for each in facts] for name in names}
    return {
        name: {
            "mean": statistics.fmean(values),
            "standard_deviation": statistics.stdev(values) if len(values) > 1 else None,
            "values": values,
        }
        for name, values in columns.items()
    }
