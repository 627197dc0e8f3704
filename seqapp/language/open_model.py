"""A trained language model as functions, whether it lies in a workdir or in a SavedModel."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import tensorflow as tf

from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.language.exported.language_module import LanguageModule
from seqapp.language.workdir import VOCABULARY, load_model
from seqapp.models.versions import newest
from seqapp.models.workdir import Workdir


class OpenModel(NamedTuple):
    """What `open_model` found.

    Attributes:
        path: Where.
        functions: Those of `LanguageModule`, by the names of their signatures; they take keyword arguments.
        vocabulary: `Vocabulary`.
        owner: Whatever holds the variables of the functions, which do not hold them themselves.
    """

    path: Path
    functions: Mapping[str, Callable]
    vocabulary: Vocabulary
    owner: object


def language_folder(path) -> Path | None:
    """Where vocabulary and recipe of a language model lie, whichever way it is kept; None where it is none."""
    path = newest(path)
    return next((folder for folder in (path, path / "assets.extra") if (folder / VOCABULARY).is_file()), None)


def open_model(path) -> OpenModel:
    """Open a workdir, a SavedModel, or the folder of its versions (the newest is taken).

    Raises:
        ValueError: Where there is none of these.
    """
    path = newest(path)
    if (path / "saved_model.pb").is_file():
        if not (path / "assets.extra" / VOCABULARY).is_file():
            raise ValueError(f"{path} is no language model: it has no {VOCABULARY}. Expected one of export.py.")
        loaded = tf.saved_model.load(str(path))
        return OpenModel(path, loaded.signatures, Vocabulary.load(path / "assets.extra" / VOCABULARY), loaded)
    if (path / "recipe.json").is_file():
        model, _, vocabulary = load_model(Workdir(path))
        module = LanguageModule(model, vocabulary)
        return OpenModel(path, module.functions(), vocabulary, module)
    raise ValueError(
        f"No language model at {path}. Expected the workdir of a training of a LanguageRecipe, or its SavedModel."
    )
