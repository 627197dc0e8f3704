"""Export of a language model: its best weights as a SavedModel that takes text and gives the next tokens and words."""

from pathlib import Path

import seqapp.recipe
from seqapp.language.exported.language_module import LanguageModule
from seqapp.language.open_model import load_model
from seqapp.models.model_folder import RECIPE, VOCABULARY, ModelFolder, new_version, next_number
from seqapp.models.workdir import Workdir


def export(workdir: str | Path, target: str | Path) -> Path:
    """Write the next version of a SavedModel, with the vocabulary and the recipe in assets.extra.

    Args:
        workdir: Path of the workdir of a language model.
        target: Folder of the versions 1, 2, ...

    Returns:
        The folder of the version.
    """
    model, recipe, vocabulary = load_model(Workdir(workdir))
    module = LanguageModule(model, vocabulary)
    version = Path(target) / str(next_number(target))
    with new_version(target, module, module.functions()) as unfinished:
        folder = ModelFolder(unfinished)
        vocabulary.save(folder.file(VOCABULARY))
        folder.file(RECIPE).write_text(seqapp.recipe.to_json(recipe), encoding="utf-8")
    return version
