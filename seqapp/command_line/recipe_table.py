"""Table of a recipe: what differs from the defaults, a line per section."""

import dataclasses


def recipe_table(recipe) -> list[str]:
    """Lines of the values of a recipe that are not those of its config classes, as `--set` takes them.

    Args:
        recipe: A dataclass of dataclasses, such as `Recipe`.

    Returns:
        A line per section where something differs: its name, then field=value.
    """
    width = max(len(section) for section in vars(recipe))
    differences = {section: _differences(config) for section, config in vars(recipe).items()}
    return [f"  {section:<{width}}  {'  '.join(values)}" for section, values in differences.items() if values]


def _differences(config):
    fields = [(field, getattr(config, field.name)) for field in dataclasses.fields(config)]
    return [f"{field.name}={_as_typed(value)}" for field, value in fields if value != field.default]


def _as_typed(value):
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
