"""A trained language model as a SavedModel: text in, what comes next out."""

import tempfile
from pathlib import Path

import seqapp.recipe
from seqapp.language.exported.language_module import LanguageModule
from seqapp.language.workdir import VOCABULARY, load_model
from seqapp.models.save import save
from seqapp.models.versions import next_number
from seqapp.models.workdir import Workdir


def export(workdir, target) -> Path:
    """Write the next version of a SavedModel, with the vocabulary and the recipe in assets.extra.

    Args:
        workdir: Path of the workdir of a language model.
        target: Folder of the versions 1, 2, ...

    Returns:
        The folder of the version.
    """
    model, recipe, vocabulary = load_model(Workdir(workdir))
    module, target = LanguageModule(model, vocabulary), Path(target)
    target.mkdir(parents=True, exist_ok=True)
    version = next_number(target)
    # Written beside and renamed: a server that watches the folder never sees half of a model.
    with tempfile.TemporaryDirectory(dir=target, prefix="unfinished_") as folder:
        unfinished = Path(folder) / "model"
        save(module, unfinished, module.functions())
        extra = unfinished / "assets.extra"
        extra.mkdir()
        vocabulary.save(extra / VOCABULARY)
        (extra / "recipe.json").write_text(seqapp.recipe.to_json(recipe), encoding="utf-8")
        return unfinished.rename(target / str(version))
