"""Trained language models: loaded from a workdir as a network, from a workdir or a SavedModel as functions."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.language.exported.language_module import LanguageModule
from seqapp.language.network.language_model import LanguageModel
from seqapp.models.model_folder import RECIPE, VOCABULARY, ModelFolder, newest
from seqapp.models.workdir import Workdir
from seqapp.recipe import LanguageRecipe


class OpenModel(NamedTuple):
    """A language model as functions.

    Attributes:
        path: Folder of the model.
        functions: Those of `LanguageModule`, by the names of their signatures; they take keyword arguments.
        vocabulary: `Vocabulary`.
        owner: The object that holds the variables of the functions, which do not hold them themselves.
    """

    path: Path
    functions: Mapping[str, Callable]
    vocabulary: Vocabulary
    owner: object


def language_folder(path: str | Path) -> Path | None:
    """Return the folder of a language model's vocabulary and recipe; None where there is no language model."""
    vocabulary = ModelFolder(newest(path)).file(VOCABULARY)
    return vocabulary.parent if vocabulary.is_file() else None


def open_model(path: str | Path) -> OpenModel:
    """Open a workdir, a SavedModel, or the folder of its versions (the newest is taken).

    Raises:
        ValueError: Where there is none of these.
    """
    folder = ModelFolder(newest(path))
    if folder.is_saved_model:
        if not folder.file(VOCABULARY).is_file():
            raise ValueError(f"{folder.path} is no language model: it has no {VOCABULARY}. Expected one of export.py.")
        graph = folder.load_graph()
        return OpenModel(folder.path, graph.signatures, Vocabulary.load(folder.file(VOCABULARY)), graph)
    if folder.file(RECIPE).is_file():
        model, _, vocabulary = load_model(Workdir(folder.path))
        module = LanguageModule(model, vocabulary)
        return OpenModel(folder.path, module.functions(), vocabulary, module)
    raise ValueError(
        f"No language model at {folder.path}. Expected the workdir of a training of a LanguageRecipe, or its "
        "SavedModel."
    )


def load_model(workdir) -> tuple[LanguageModel, LanguageRecipe, Vocabulary]:
    """Load the model of a training with its best weights.

    Args:
        workdir: `Workdir`.

    Returns:
        model: `LanguageModel`.
        recipe: `LanguageRecipe`.
        vocabulary: `Vocabulary`.

    Raises:
        ValueError: Where there is no language model, or no evaluation has stored weights yet.
    """
    recipe = workdir.load_recipe()
    if not isinstance(recipe, LanguageRecipe):
        raise ValueError(f"{workdir.path} holds no language model. Expected the workdir of a LanguageRecipe.")
    if not workdir.best_weights.is_file():
        raise ValueError(f"{workdir.path} holds no best.weights.h5 yet: its training has not reached an evaluation.")
    vocabulary = Vocabulary.load(workdir.path / VOCABULARY)
    model = LanguageModel(recipe.network, len(vocabulary), recipe.training.seed)
    model.load_weights(workdir.best_weights)
    return model, recipe, vocabulary
