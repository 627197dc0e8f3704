"""The state after every token is that of reading up to it, in every layer, and the softmax stands beside it."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.language.export import export
from seqapp.language.hidden_states import remembered
from tests.language.small_language import small_corpus, small_model, small_recipe, write_workdir


def trained(path, kind="characters", **network):
    corpus, recipe = small_corpus(kind), small_recipe(kind, **network)
    model = small_model(corpus, recipe)
    write_workdir(path, corpus, recipe, model)
    return model, corpus.vocabulary


@pytest.mark.parametrize("network", [{"cell": "min_gru", "look_behind": 2}, {"cell": "lstm"}])
def test_rows_are_states_of_the_beginnings(tmp_path, network):
    model, vocabulary = trained(tmp_path, **network)
    layers, log_probs, symbols, tokens = remembered(tmp_path, "the cat")
    outputs, state = model(vocabulary.encode("\nthe c")[np.newaxis], model.initial_state(1))
    assert symbols == list("the cat") and tokens == vocabulary.tokens and len(layers) == 2
    for layer, first in zip(layers, (0, model.stack[0].num_states)):
        np.testing.assert_allclose(layer[4], state[first][0], atol=1e-5)
    np.testing.assert_allclose(log_probs[4], tf.nn.log_softmax(model.logits(outputs[:, -1]))[0], atol=1e-4)
    with pytest.raises(ValueError, match="an empty one"):
        remembered(tmp_path, "")


def test_workdir_and_saved_model_remember_alike_and_others_are_none(tmp_path):
    trained(tmp_path / "workdir", "words")
    export(tmp_path / "workdir", tmp_path / "saved")
    found, again = (remembered(tmp_path / name, "the cat, sat") for name in ("workdir", "saved"))
    assert found[2] == again[2] == ["the", "cat", ",", "sat"]
    for a, b in zip(found[0], again[0], strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    assert remembered(tmp_path, "the cat") is None
