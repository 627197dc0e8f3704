"""Ownership of workdirs: a run writes its recipe and symbols into a new one, and refuses one of another recipe."""

import dataclasses
from pathlib import Path

import seqapp.recipe
from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.models.workdir import Workdir, write_whole
from seqapp.recipe import LanguageRecipe, PageRecipe, Recipe
from seqapp.text import Alphabet
from seqapp.training.strategy import writes_workdir


def claim(
    workdir: Workdir,
    recipe: Recipe | LanguageRecipe | PageRecipe,
    symbols: Alphabet | Vocabulary | None = None,
    path: Path | None = None,
) -> Alphabet | Vocabulary | None:
    """Write recipe and symbols into a new workdir, or check that an old one is of the same recipe.

    Args:
        workdir: `Workdir`.
        recipe: `Recipe`, `LanguageRecipe` or `PageRecipe`.
        symbols: `Alphabet` or `Vocabulary` of the corpus; None: what is trained has none.
        path: File of the symbols in the workdir, where there are any.

    Returns:
        The symbols of the workdir: those of its first run, which are the given ones in a new one.

    Raises:
        ValueError: Where the workdir belongs to another recipe.
    """
    if workdir.recipe.exists():
        # As recipes, not as text: a field that came later has its default in an older workdir.
        if (owner := workdir.load_recipe()) != recipe:
            raise ValueError(
                f"{workdir.path} belongs to another recipe: {_differences(owner, recipe)}. "
                "Give the recipe that it was started with, or another --workdir."
            )
        if path is not None and path.exists():
            return type(symbols).load(path)
    if writes_workdir(recipe.training):
        workdir.path.mkdir(parents=True, exist_ok=True)
        if symbols is not None:
            symbols.save(path)
        write_whole(workdir.recipe, seqapp.recipe.to_json(recipe))
    return symbols


def _differences(old, new):
    if type(old) is not type(new):
        return f"a {type(old).__name__}, not a {type(new).__name__}"
    old_values = dataclasses.asdict(old)
    changes = [
        f"{section}.{name} was {old_values[section].get(name)!r}, now {value!r}"
        for section, values in dataclasses.asdict(new).items()
        for name, value in values.items()
        if old_values[section].get(name) != value
    ]
    return "; ".join(changes)
