"""Scripts and recipes by name, in the checkout or where `pip install` has put them."""

import ast
import runpy
from collections.abc import Callable
from pathlib import Path

from seqapp.command_line.near_names import did_you_mean

PACKAGE = Path(__file__).parents[1]
INSTALLED = PACKAGE / "pipelines"  # where setup.py has it installed
FOLDER = INSTALLED if INSTALLED.is_dir() else PACKAGE.parent / "pipelines"
RECIPES = FOLDER / "recipes"


def script_names() -> list[str]:
    """Names of all scripts, sorted."""
    return _names(FOLDER)


def recipe_names() -> list[str]:
    """Names of all recipes, sorted."""
    return _names(RECIPES)


def first_line_of(script: str) -> str:
    """First line of a script's docstring; nothing of the script is run."""
    module = ast.parse((FOLDER / f"{script}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(module) or "").partition("\n")[0]


def main_of(script: str) -> Callable[[list[str]], int | None]:
    """The function `main` of a script; the script is read from its file, since nobody imports pipelines/."""
    return runpy.run_path(str(FOLDER / f"{script}.py"), run_name=script)["main"]


def find_recipe(text: str | Path | None) -> Path:
    """The file of a recipe.

    Args:
        text: Path of a .py or .json file, or the name of a recipe of pipelines/recipes/, such as an4; None: nothing was
            named, which is an error.

    Raises:
        ValueError: Where there is neither; the names that there are stand in the message.
    """
    if text is None:
        raise ValueError(f"Expected a recipe, a file or one of {', '.join(recipe_names())}, or --from MODEL.")
    if (path := Path(text).expanduser()).is_file():
        return path
    if str(text) in recipe_names():
        return RECIPES / f"{text}.py"
    near = did_you_mean(path.stem, recipe_names())
    raise ValueError(f"No recipe at {text}.{near} Expected a file, or one of: {', '.join(recipe_names())}.")


def _names(folder):
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
