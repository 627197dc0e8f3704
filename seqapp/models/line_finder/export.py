"""Export of a line finder: its best weights as a SavedModel with the signature `find`."""

from pathlib import Path

import seqapp.recipe
from seqapp.models.line_finder.line_finder import load_network
from seqapp.models.line_finder.page_module import PageModule
from seqapp.models.model_folder import RECIPE, ModelFolder, new_version, next_number
from seqapp.models.workdir import Workdir


def export(workdir: str | Path, target: str | Path) -> Path:
    """Write the next version of a SavedModel, with the recipe in assets.extra.

    Args:
        workdir: Path of the workdir of a line finder.
        target: Folder of the versions 1, 2, ...

    Returns:
        The folder of the version.
    """
    run = Workdir(workdir)
    module = PageModule(load_network(run))
    version = Path(target) / str(next_number(target))
    with new_version(target, module, module.functions()) as unfinished:
        recipe = ModelFolder(unfinished).file(RECIPE)
        recipe.write_text(seqapp.recipe.to_json(run.load_recipe()), encoding="utf-8")
    return version
