"""A mistyped path is named, with what is called much like it."""

import pytest

from seqapp.command_line import expect_paths, find_recipe
from seqapp.command_line.scripts import RECIPES, recipe_names


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "models" / "unipen").mkdir(parents=True)
    (tmp_path / "line.inkml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_there_or_was_not_named_passes(folder):
    expect_paths("models", None, [folder / "line.inkml", "models/unipen"], [])


@pytest.mark.parametrize(
    "path, message",
    [
        ("models/unipne", r"at models/unipne\. Found none\. Did you mean models/unipen\?$"),
        ("modles/unipen", r"at modles/unipen\. Found none\. Did you mean models\?$"),
        ("line.inkm", r"at line\.inkm\. Found none\. Did you mean line\.inkml\?$"),
        ("/no/such/place", r"at /no/such/place\. Found none\."),
        ("line.inkml/x", r"at line\.inkml/x\. Found none\.$"),
    ],
)
def test_what_is_missing_is_named_with_its_neighbours(path, message, folder):
    with pytest.raises(ValueError, match=message):
        expect_paths("models", ["line.inkml", path])


def test_a_recipe_is_found_by_its_name_or_its_path(folder):
    for name in recipe_names():
        assert find_recipe(name) == RECIPES / f"{name}.py" == find_recipe(RECIPES / f"{name}.py")
    (folder / "an4").mkdir()  # the corpus, say
    assert find_recipe("an4") == RECIPES / "an4.py"
    (folder / "unipen").write_text("{}")
    assert str(find_recipe("unipen")) == "unipen"
