"""A recipe in a few lines: what differs from the defaults, as `--set` takes it."""

import pytest

import seqapp.recipe
from seqapp.command_line import find_recipe, recipe_names, recipe_table
from seqapp.recipe import LanguageRecipe, Recipe, override


def test_defaults_need_no_line():
    assert recipe_table(Recipe()) == [] == recipe_table(LanguageRecipe())


def test_a_line_per_section_names_what_differs():
    changes = ["encoder.cell=lstm", "encoder.stem_strides=2,2", "training.steps=7", "encoder.bidirectional=false"]
    assert recipe_table(override(Recipe(), changes)) == [
        "  encoder       cell=lstm  bidirectional=False  stem_strides=2,2", "  training      steps=7",
    ]  # fmt: skip


@pytest.mark.parametrize("name", recipe_names())
def test_what_the_table_says_makes_the_recipe_again(name):
    recipe = seqapp.recipe.load(find_recipe(name))
    defaults = type(recipe)(**{section: type(config)() for section, config in vars(recipe).items()})
    rows = [line.split() for line in recipe_table(recipe)]
    assert override(defaults, [f"{section}.{value}" for section, *values in rows for value in values]) == recipe
    assert len(rows) < 8
