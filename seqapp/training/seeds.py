"""Repeated training with several seeds: one workdir per seed, mean and spread of their scores."""

import dataclasses
import json
import logging
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from seqapp.models.workdir import write_whole

log = logging.getLogger(__name__)


def train_seeds(make: Callable, recipe, workdir: str | Path, seeds: Sequence[int]) -> tuple[dict, bool]:
    """Train a recipe once per seed, in workdir/seed_0 and so on; the same call resumes.

    Args:
        make: Function from a recipe and a workdir to a `Training`.
        recipe: `Recipe` or `LanguageRecipe`; its own seed is replaced.
        workdir: Folder of the workdirs, and of seeds.json.
        seeds: At least one.

    Returns:
        facts: For each number of best.json, as `summary` returns them, and the seeds; also in seeds.json.
        was_stopped: Whether a signal ended a training before its last step; those behind it were not begun.
    """
    facts = []
    for seed in seeds:
        seeded = dataclasses.replace(recipe, training=dataclasses.replace(recipe.training, seed=seed))
        training = make(seeded, Path(workdir) / f"seed_{seed}")
        log.info("seed %d: %d of %d", seed, len(facts) + 1, len(seeds))
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
