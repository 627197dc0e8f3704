"""Recipe files: `--set` on the command line, recipe files in Python, and the resolved recipe as JSON."""

import ast
import dataclasses
import json
import runpy
from collections.abc import Iterable
from pathlib import Path

from seqapp.recipe.configs import (
    AugmentationConfig,
    ImageAugmentationConfig,
    InkConfig,
    LineImageConfig,
    LogMelConfig,
    Recipe,
    SpeechAugmentationConfig,
)
from seqapp.recipe.language import LanguageRecipe
from seqapp.recipe.pages import PageRecipe
from seqapp.recipe.rules import OF_SENSE

SECTIONS = tuple(field.name for field in dataclasses.fields(Recipe))
SENSES = {
    "ink": {"features": InkConfig, "augmentation": AugmentationConfig},
    "speech": {"features": LogMelConfig, "augmentation": SpeechAugmentationConfig},
    "image": {"features": LineImageConfig, "augmentation": ImageAugmentationConfig},
}


def override(recipe: Recipe, assignments: Iterable[str]) -> Recipe:
    """Apply assignments of the form `section.field=value` to a recipe.

    Args:
        recipe: The `Recipe` to start from.
        assignments: Strings such as `"encoder.cell=lstm"`; later ones win.

    Returns:
        A new `Recipe`.

    Raises:
        ValueError: For an unknown section or field (the known ones are listed) or a value of another type.
    """
    changes = {}
    for assignment in assignments:
        path, separator, text = assignment.partition("=")
        section_name, dot, field_name = path.strip().partition(".")
        if not separator or not dot:
            raise ValueError(f"Expected section.field=value. Received: {assignment!r}.")
        if section_name not in vars(recipe):
            raise ValueError(f"Unknown section {section_name!r}. Known sections: {', '.join(vars(recipe))}.")
        current = _field_value(getattr(recipe, section_name), section_name, field_name)
        changes.setdefault(section_name, {})[field_name] = _parse(text, current, path)
    sections = {name: dataclasses.replace(getattr(recipe, name), **values) for name, values in changes.items()}
    return dataclasses.replace(recipe, **sections)


def _field_value(section, section_name, field_name):
    fields = [field.name for field in dataclasses.fields(section)]
    if field_name not in fields:
        raise ValueError(f"Unknown field {section_name}.{field_name}. Fields of {section_name}: {', '.join(fields)}.")
    return getattr(section, field_name)


def _parse(text, current, path):
    """Read `text` as a value of the type of `current`; strings are taken as they are, blanks and all."""
    if isinstance(current, str):
        return text
    text = text.strip()
    try:
        value = ast.literal_eval({"true": "True", "false": "False"}.get(text.lower(), text))
    except (ValueError, SyntaxError):
        value = text
    if isinstance(current, tuple):
        return _parse_tuple(value)
    if isinstance(current, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(current):
        raise ValueError(f"{path} expects {type(current).__name__}, such as {current!r}. Received: {text!r}.")
    return value


def _parse_tuple(value):
    """Read `2,3`, `(2, 3)`, `[2, 3]`, `2`, `a,b` or nothing at all as a tuple."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def load(path: str | Path) -> Recipe:
    """Read the `recipe` of a recipe file (`.py`) or a resolved recipe (`.json`).

    Raises:
        ValueError: If there is none, or it does not hold a recipe.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"No recipe at {path}. Expected a .py file that defines `recipe`, or a recipe.json.")
    if path.suffix == ".json":
        try:
            return from_json(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    recipe = runpy.run_path(str(path)).get("recipe")
    if not isinstance(recipe, (Recipe, LanguageRecipe, PageRecipe)):
        raise ValueError(f"{path} must define `recipe = Recipe(...)`. Received: {type(recipe).__name__}.")
    return recipe


def to_json(recipe: Recipe) -> str:
    """Return the resolved recipe as indented JSON."""
    return json.dumps(dataclasses.asdict(recipe), indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Recipe:
    """Read the recipe that `to_json` wrote.

    Raises:
        ValueError: For text that is no JSON object of sections, unknown sections or fields (they belong to another
            version), or values that break a rule.
    """
    values = json.loads(text)
    kind = _kind(values)
    types = {field.name: field.type for field in dataclasses.fields(kind)}
    _refuse_unknown(values, types, "sections of a recipe")
    sections = {}
    for name, config in (section_types(_sense(values)) if kind is Recipe else types).items():
        received = values.get(name, {})
        _refuse_unknown(received, [field.name for field in dataclasses.fields(config)], f"fields of {name}")
        sections[name] = config(**{k: tuple(v) if isinstance(v, list) else v for k, v in received.items()})
    return kind(**sections)


def _kind(values):
    """Return the class of recipes that has the sections which came."""
    own = {"network": LanguageRecipe, "finder": PageRecipe}
    return next((own[name] for name in own if isinstance(values, dict) and name in values), Recipe)


def section_types(sense: str) -> dict[str, type]:
    """Map section to class of its config, for one sense ("ink", "speech" or "image")."""
    return {field.name: SENSES[sense].get(field.name, field.type) for field in dataclasses.fields(Recipe)}


def _sense(values):
    """Return the sense that the kind of features tells; without a kind it is ink, which was there first."""
    features = values.get("features")
    kind = features.get("kind") if isinstance(features, dict) else None
    return next((sense for sense, ranges in OF_SENSE.items() if kind in ranges.choices["features.kind"]), "ink")


def _refuse_unknown(received, names, what):
    if not isinstance(received, dict):
        raise ValueError(f"Expected an object with {what}. Received: {type(received).__name__}.")
    if unknown := sorted(set(received) - set(names)):
        raise ValueError(f"Unknown {what}: {', '.join(unknown)}. Known: {', '.join(names)}.")
