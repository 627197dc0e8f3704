"""A language model in the loop of all: it learns, and after a kill ends with the weights of one that was not killed."""

import json

import numpy as np
import pytest

import seqapp.recipe
from seqapp.language.open_model import load_model
from seqapp.models import Workdir
from seqapp.training import LanguageObjective, Training, make_strategy
from tests.language.small_language import small_corpus, small_recipe

CORPUS = small_corpus()
DROPS = {"dropout": 0.2, "embedding_dropout": 0.1}


def open_training(path, recipe, corpus=CORPUS):
    return Training(LanguageObjective(recipe, corpus, Workdir(path), make_strategy("one_device")))


def train(path, recipe, steps=None):
    """Run to the end, or as if killed after some steps: what was done since the last checkpoint is lost."""
    training = open_training(path, recipe)
    if steps is not None:
        training._lost_patience = lambda: training.step == steps
    training.run()
    return training


def weights(training):
    state = training._state
    return [v.numpy() for v in [*state.model_variables, *state.optimizer_variables, *state.averages, *state.carried]]


def test_a_resumed_training_ends_with_the_same_weights(tmp_path):
    recipe = small_recipe(training={"average_decay": 0.9}, **DROPS)
    through = train(tmp_path / "through", recipe)
    assert any(state.numpy().any() for state in through._state.carried)
    killed = train(tmp_path / "killed", recipe, steps=5)
    assert {path.stem for path in killed._workdir.checkpoints.glob("ckpt-*")} == {"ckpt-3", "ckpt-4"}
    resumed = train(tmp_path / "killed", recipe)
    for a, b in zip(weights(through), weights(resumed), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.slow
def test_a_training_learns_and_its_model_is_found(tmp_path):
    recipe = small_recipe(training={"steps": 60, "learning_rate": 0.03, "evaluate_every": 20})
    facts = train(tmp_path / "w", recipe).run()
    rows = (tmp_path / "w" / "metrics.csv").read_text()
    assert "validation_loss" in rows and facts["bits_per_token"] < 3.0
    model, found, vocabulary = load_model(Workdir(tmp_path / "w"))
    assert found == recipe and vocabulary == CORPUS.vocabulary
    assert json.loads((tmp_path / "w" / "best.json").read_text())["parameters"] == model.count_params()


@pytest.mark.slow
def test_a_sampled_softmax_learns_too(tmp_path):
    recipe = small_recipe(training={"steps": 40, "learning_rate": 0.03}, softmax="sampled", num_sampled=8)
    train(tmp_path / "w", recipe)
    assert json.loads((tmp_path / "w" / "best.json").read_text())["bits_per_token"] < 3.5


def test_weights_are_drawn_from_the_range_asked_for(tmp_path):
    flat = small_recipe(is_residual=False, initial_range=0.1)
    weights, again = (
        np.concatenate([v.numpy().ravel() for v in open_training(tmp_path / name, flat)._model.trainable_variables])
        for name in "ab"
    )
    assert np.abs(weights).max() <= 0.1 and np.abs(weights).mean() == pytest.approx(0.05, rel=0.1)
    np.testing.assert_array_equal(weights, again)


def test_what_begins_with_a_meaning_keeps_it(tmp_path):
    recipe = small_recipe(initial_range=0.1, look_behind=2, cell="rg_lru")
    for variable in open_training(tmp_path / "w", recipe)._model.trainable_variables:
        size = np.abs(variable.numpy())
        if variable.name in ("gamma", "decay"):
            assert size.min() > 0.1, variable.path
        elif variable.name == "beta" or "look_behind" in variable.path:
            assert not size.any(), variable.path
        else:
            assert 0 < size.max() <= 0.1, variable.path


def test_another_recipe_or_text_is_refused(tmp_path):
    train(tmp_path / "w", small_recipe(), steps=1)
    with pytest.raises(ValueError, match="another recipe"):
        open_training(tmp_path / "w", small_recipe(num_layers=1))
    with pytest.raises(ValueError, match="another text"):
        open_training(tmp_path / "w", small_recipe(), small_corpus("words"))
    with pytest.raises(ValueError, match="no best.weights.h5 yet"):
        load_model(Workdir(tmp_path / "w"))


@pytest.mark.parametrize(
    "change, message",
    [
        ("network.cell=rnn", "cell must be one of"), ("text.window=0", "text.window must be greater than 0"),
        ("network.dropout=1", "must lie in"), ("network.is_residual=False", "must be network.units"),
        ("network.initial_range=-1", "network.initial_range must not be"),
        ("training.optimizer=adam", "optimizer must be one of adamw, sgd"),
        ("training.evaluate_every=0", "training.evaluate_every must be greater than 0"),
        ("training.precision=bf16", "training.precision must be one of"), ("training.strategy=mirrored", "one device"),
        ("encoder.units=3", "Known sections: text, network, training"),
    ],
)  # fmt: skip
def test_bad_recipes_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        seqapp.recipe.override(seqapp.recipe.LanguageRecipe(network=seqapp.recipe.NetworkConfig(units=8)), [change])


def test_recipes_survive_as_text(tmp_path):
    recipe = small_recipe(cell="lstm")
    assert seqapp.recipe.from_json(seqapp.recipe.to_json(recipe)) == recipe
