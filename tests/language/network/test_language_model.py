"""Pieces equal the whole; dropout takes the same units everywhere in a row; losses are the softmax's."""

import itertools

import numpy as np
import tensorflow as tf

from seqapp.language.network.language_model import LanguageModel
from seqapp.recipe import NetworkConfig
from tests.language.small_language import small_corpus, small_model, small_recipe
from tests.pairwise import every_pair

CORPUS = small_corpus()


@every_pair(("cell", "is_residual", "look_behind"), itertools.product(["min_gru", "lstm"], [True, False], [0, 3]))
def test_pieces_of_any_size_equal_the_whole(cell, is_residual, look_behind):
    model = small_model(CORPUS, small_recipe(cell=cell, is_residual=is_residual, look_behind=look_behind))
    tokens = tf.reshape(CORPUS.train[:36], [2, 18])
    whole, end = model(tokens, model.initial_state(2))
    state, pieces = model.initial_state(2), []
    for start, stop in ((0, 5), (5, 6), (6, 18)):
        outputs, state = model(tokens[:, start:stop], state)
        pieces.append(outputs)
    np.testing.assert_allclose(tf.concat(pieces, 1), whole, atol=1e-5)
    for a, b in zip(state, end, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_nothing_is_seen_before_it_is_read():
    model = small_model(CORPUS, small_recipe(look_behind=2))
    tokens = np.array([CORPUS.train[:12], CORPUS.train[:12]])
    tokens[1, 8:] = 0
    outputs, _ = model(tokens, model.initial_state(2))
    np.testing.assert_allclose(outputs[0, :8], outputs[1, :8], atol=1e-6)


def test_tied_weights_are_one_matrix():
    tied, untied = (
        LanguageModel(NetworkConfig(units=8, width=8, num_layers=1, is_tied=is_tied), 20) for is_tied in (True, False)
    )
    assert untied.count_params() - tied.count_params() == 20 * 8
    hidden = tf.random.normal([3, 8])
    expected = tf.matmul(hidden, tf.convert_to_tensor(tied.embedding), transpose_b=True)
    np.testing.assert_allclose(tied.logits(hidden), expected, atol=1e-5)


def test_dropout_is_the_same_for_all_tokens_of_a_row_and_off_outside_of_training():
    model = LanguageModel(NetworkConfig(units=32, width=32, num_layers=1, dropout=0.5), 5, seed=1)
    x = model._dropped(tf.ones([2, 7, 32]), True).numpy()
    assert (x == x[:, :1]).all() and set(np.unique(x)) == {0.0, 2.0} and (x[0] != x[1]).any()
    tokens = tf.zeros([1, 4], tf.int32)
    once, again = (model(tokens, model.initial_state(1))[0] for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_embedding_dropout_blots_out_whole_words():
    model = LanguageModel(NetworkConfig(units=8, width=8, num_layers=1, embedding_dropout=0.5), 50, seed=1)
    is_kept = model._input_embedding(True).numpy() != 0
    assert (is_kept == is_kept[:, :1]).all() and 10 < is_kept[:, 0].sum() < 40


def test_a_sampled_softmax_that_draws_everything_is_near_the_full_one():
    recipe = small_recipe(softmax="sampled", num_sampled=20_000)
    model = small_model(CORPUS, recipe)
    tokens, targets = (tf.reshape(CORPUS.train[i : i + 40], [4, 10]) for i in (0, 1))
    outputs, _ = model(tokens, model.initial_state(4))
    full, sampled = (model.losses(outputs, targets, training=is_training) for is_training in (False, True))
    np.testing.assert_allclose(sampled, full, atol=0.15)
