"""A model begins with what another one knows, symbol by symbol, and learns only what may learn."""

import dataclasses

import keras
import numpy as np
import pytest

from seqapp.models import Recognizer, StartingPoint
from seqapp.recipe import OutputConfig, Recipe
from seqapp.text import Alphabet
from tests.small_lines import image_recipe

OLD = Alphabet(("a", "b", "c"))


def model(alphabet, seed, recipe=None):
    keras.utils.set_random_seed(seed)
    recognizer = Recognizer.from_recipe(recipe or image_recipe(), alphabet)
    recognizer.logits.bias.assign(np.arange(alphabet.num_classes) + 10.0 * seed)
    return recognizer


@pytest.fixture(scope="module")
def base():
    recognizer = model(OLD, 1)
    return StartingPoint(tuple(v.numpy() for v in recognizer.variables), image_recipe(), OLD)


def test_layers_and_known_symbols_come_over_new_symbols_begin_anew(base):
    alphabet = Alphabet(("b", "é", "a"))
    fresh, started = model(alphabet, 2), model(alphabet, 2)
    base.apply(started, alphabet)
    for found, value in zip(started.encoder.variables, base.weights):
        np.testing.assert_array_equal(found, value)
    kernel, bias = base.weights[-2:]
    for here, there in ((0, 1), (2, 0), (3, 3)):  # b, a and the blank
        np.testing.assert_array_equal(started.logits.kernel[:, here], kernel[:, there])
        assert float(started.logits.bias[here]) == bias[there]
    np.testing.assert_array_equal(started.logits.kernel[:, 1], fresh.logits.kernel[:, 1])


def test_the_recipe_takes_features_encoder_and_symbols(base):
    wanted = image_recipe(units=99, dropout=0.4)
    wanted = dataclasses.replace(wanted, features=dataclasses.replace(wanted.features, height=30))
    adapted = base.adapted(wanted, ["ça", "b"])
    assert adapted.features == base.recipe.features and adapted.encoder.units == base.recipe.encoder.units
    assert adapted.encoder.dropout == 0.4 and adapted.output.alphabet == "abcç" and adapted.data == wanted.data
    assert base.adapted(wanted, ["ça", "b"], "replace").output.alphabet == "abç"
    with pytest.raises(ValueError, match="Expected features of 24 values a frame, .* Received: 30"):
        base.adapted(wanted, ["a"], own_features=True)
    even = dataclasses.replace(wanted, features=dataclasses.replace(base.recipe.features, kind="even"))
    assert base.adapted(even, ["a"], own_features=True).features == even.features
    named = dataclasses.replace(wanted, output=OutputConfig(alphabet="xyz"))
    assert base.adapted(named, ["a"]).output.alphabet == "xyz"


def test_frozen_layers_do_not_learn(base):
    started = model(OLD, 2)
    dataclasses.replace(base, frozen=("image_*", "logits")).apply(started, OLD)
    learning = {variable.path for variable in started.trainable_variables}
    assert learning and not any("image_" in path or "logits" in path for path in learning)
    with pytest.raises(
        ValueError, match="No layer is called 'stem'. Layers: image_0, image_1, stem_0, block_0, logits"
    ):
        dataclasses.replace(base, frozen=("stem",)).apply(started, OLD)


def test_models_that_differ_are_refused(base):
    with pytest.raises(ValueError, match="of image to start from|Expected a model of ink"):
        base.adapted(Recipe(), ["a"])
    with pytest.raises(ValueError, match="other layers than the recipe"):
        base.apply(model(OLD, 2, image_recipe(units=9)), OLD)
