"""Hyper-parameter search over recipe values by Optuna: one training per trial, resumable. Extra `search`."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import seqapp.recipe
from seqapp.models.workdir import write_whole
from seqapp.recipe import LanguageRecipe, Recipe
from seqapp.training.make_training import make_training

log = logging.getLogger(__name__)

JOURNAL = "search.journal"  # of Optuna: every trial, begun or finished


def search(
    recipe: Recipe | LanguageRecipe,
    space: Sequence[str],
    workdir: str | Path,
    num_trials: int,
    seed: int = 0,
    **sources,
) -> tuple[dict, bool]:
    """Train with proposed values until so many trials are finished; the same call resumes, also within a trial.

    The proposals (tree-structured Parzen estimator) depend on seed and earlier trials only: a search that was
    interrupted ends as one that was not. One process at a time.

    Args:
        recipe: `Recipe` or `LanguageRecipe`.
        space: Values to try, as `parse_space` takes them.
        workdir: Folder of the trials' workdirs trial_0, trial_1 ..., of Optuna's journal and of search.json.
        num_trials: Finished trials at the end, failed ones among them.
        seed: Of the proposals; that of the trainings is the recipe's.
        **sources: As for `make_training`.

    Returns:
        result: The best trial and all others, as search.json holds them.
        was_stopped: Whether a signal ended a training before its last step.

    Raises:
        ValueError: Optuna is missing, the space cannot be understood, or no trial succeeded.

    Reference: Akiba et al., Optuna: a next-generation hyperparameter optimization framework, 2019.
    """
    optuna = _optuna()
    distributions = parse_space(space)
    workdir = Path(workdir)
    workdir.mkdir(parents=True, exist_ok=True)
    backend = optuna.storages.journal.JournalFileBackend(str(workdir / JOURNAL))
    storage = optuna.storages.JournalStorage(backend)
    study = optuna.create_study(storage=storage, study_name="search", load_if_exists=True)
    while _num_finished(study) < num_trials:
        trial = _unfinished(study) or _asked(study, distributions, seed)
        score, was_stopped = _train(recipe, trial, distributions, workdir, sources)
        if was_stopped:
            return _result(study, workdir), True
        failed = optuna.trial.TrialState.FAIL if score is None else None
        study.tell(trial.number, score, state=failed)
    return _result(study, workdir), False


def parse_space(space: Sequence[str]) -> dict:
    """Parse ranges and choices of recipe values.

    Args:
        space: Strings such as "training.learning_rate=0.001:0.01:log", "encoder.units=64:192" (whole numbers where both
            ends are), or "encoder.cell=lstm,gru".

    Returns:
        From the name of a value to its Optuna distribution.

    Raises:
        ValueError: For anything else.
    """
    distributions = _optuna().distributions
    parsed = {}
    for text in space:
        name, _, values = text.partition("=")
        low, *rest = values.split(":")
        try:
            if rest and rest[1:] in ([], ["log"]):
                kind = int if low.isdigit() and rest[0].isdigit() else float
                make = distributions.IntDistribution if kind is int else distributions.FloatDistribution
                parsed[name] = make(kind(low), kind(rest[0]), log=rest[1:] == ["log"])
                continue
        except ValueError as error:
            raise ValueError(f"{text}: {error}") from error
        if "," not in values or rest:
            raise ValueError(f"Expected SECTION.FIELD=LOW:HIGH, =LOW:HIGH:log or =A,B,C. Received: {text!r}.")
        parsed[name] = distributions.CategoricalDistribution(values.split(","))
    return parsed


def _optuna():
    try:
        import optuna
        import optuna.storages.journal
    except ImportError as error:
        raise ValueError("A search needs Optuna. Try: pip install -e '.[search]'") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _num_finished(study):
    return sum(trial.state.is_finished() for trial in study.get_trials(deepcopy=False))


def _unfinished(study):
    """Return the trial that a kill left running; None where there is none."""
    return next((trial for trial in study.get_trials() if not trial.state.is_finished()), None)


def _asked(study, distributions, seed):
    study.sampler = _optuna().samplers.TPESampler(seed=seed + len(study.get_trials(deepcopy=False)))
    return study.ask(distributions)


def _train(recipe, trial, distributions, workdir, sources):
    """Return the best score of a trial (None where it failed), and whether it was stopped."""
    if {*trial.params} != {*distributions}:  # killed while it was proposed
        return None, False
    changes = [f"{name}={value}" for name, value in trial.params.items()]
    log.info("trial %d: %s", trial.number, " ".join(changes))
    try:
        training = make_training(seqapp.recipe.override(recipe, changes), workdir / f"trial_{trial.number}", **sources)
        facts = training.run()
    except (ValueError, FloatingPointError) as error:  # values that exclude each other, or a loss that is not finite
        log.warning("trial %d failed: %s", trial.number, error)
        return None, False
    score = facts.get("bits_per_token" if isinstance(recipe, LanguageRecipe) else "cer")
    log.info("trial %d: best validation score %s", trial.number, score)
    return score, training.was_stopped


def _result(study, workdir):
    """Write and return search.json: the trials by rising score, those that failed at the end."""
    rows = [
        {"trial": trial.number, "score": trial.value, "values": trial.params, "workdir": f"trial_{trial.number}"}
        for trial in study.get_trials()
        if trial.state.is_finished()
    ]
    rows.sort(key=lambda row: (row["score"] is None, row["score"] or 0.0, row["trial"]))
    if rows and rows[0]["score"] is None:
        raise ValueError(f"None of {len(rows)} trials succeeded; the log says why.")
    result = {"best": rows[0] if rows else None, "trials": rows}
    write_whole(workdir / "search.json", json.dumps(result, indent=2) + "\n")
    return result
