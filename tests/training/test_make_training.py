"""Arguments of fine-tuning that would change nothing are refused before anything is read."""

import pytest

from seqapp.recipe import LanguageRecipe, PageRecipe, Recipe
from seqapp.training import make_training

TUNING = [
    ({"symbols": "replace"}, "--symbols"), ({"own_features": True}, "--own-features"),
    ({"frozen": ["stem_0"]}, "--freeze"), ({"parent_data_dir": "corpus"}, "--parent-data-dir"),
]  # fmt: skip


@pytest.mark.parametrize("arguments, option", TUNING, ids=[option for _, option in TUNING])
def test_they_need_a_model_to_begin_with(tmp_path, arguments, option):
    with pytest.raises(ValueError, match=f"{option}: expected --from MODEL"):
        make_training(Recipe(), tmp_path / "run", **arguments)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("recipe, kind", [(PageRecipe(), "line finder"), (LanguageRecipe(), "language model")])
def test_they_are_of_recognisers(tmp_path, recipe, kind):
    start = None if kind == "language model" else "saved_models/pages"
    with pytest.raises(ValueError, match=f"--own-features, --freeze: of recognisers alone.*{kind}"):
        make_training(recipe, tmp_path, start=start, own_features=True, frozen=["stem_0"])


def test_a_language_model_begins_with_its_own_weights(tmp_path):
    with pytest.raises(ValueError, match="Received --from saved_models/shakespeare: leave it out"):
        make_training(LanguageRecipe(), tmp_path, start="saved_models/shakespeare")


def test_without_them_the_corpus_is_looked_for(tmp_path):
    with pytest.raises((ValueError, OSError), match="nowhere"):
        make_training(PageRecipe(), tmp_path, tmp_path / "nowhere")
