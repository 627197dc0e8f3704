"""Models in bytes have few values, are near to what they were made of, and are found again in their own bytes."""

import numpy as np
import pytest

from seqapp.decoding.ngram import (
    back_off_costs,
    depths,
    estimate,
    in_bytes,
    log_prob,
    parents,
    perplexity,
    quantised,
    read_compact,
    write_compact,
)
from seqapp.decoding.ngram.byte_columns import LEVELS, STEPS


@pytest.fixture(scope="module")
def texts(made_up_texts):
    return made_up_texts(800, num_words=200, text_words=6)


@pytest.fixture(scope="module")
def model(texts):
    return quantised(estimate(texts[:700], 6))


def columns(model, costs):
    """What a graph looks up: costs of contexts, and log-probabilities without the cost of their context."""
    return back_off_costs(model)[depths(model) < model.order], model.log_prob[1:] - costs[parents(model)]


def test_both_columns_have_few_values_and_are_near(model):
    found = in_bytes(model)
    costs = back_off_costs(found)
    for column, before in zip(columns(found, costs), columns(model, costs)):
        assert len(np.unique(before)) > 256 >= LEVELS >= len(np.unique(column))
        np.testing.assert_array_equal(STEPS * column, np.round(STEPS * column))
        assert column.min() == before.min() and column.max() == before.max()
        error = np.abs(column - before)
        assert error.mean() < 1 / STEPS
        # Nothing could be nearer than the level that it has.
        nearest = np.abs(before[:, np.newaxis][:500] - np.unique(column)).min(axis=1)
        np.testing.assert_allclose(error[:500], nearest, atol=1 / STEPS)


def test_the_structure_and_the_longest_contexts_stay(model):
    found = in_bytes(model)
    for name in ("tokens", "order", "token", "suffix", "first_child"):
        np.testing.assert_array_equal(getattr(found, name), getattr(model, name), err_msg=name)
    assert not found.backoff[depths(found) == found.order].any() and found.log_prob[0] == found.backoff[0] == 0.0
    assert found.log_prob.dtype == found.backoff.dtype == np.float32


def test_texts_are_as_probable_as_before(model, texts):
    found = in_bytes(model)
    for text in texts[700:720]:
        assert log_prob(found, text) == pytest.approx(log_prob(model, text), abs=0.05 * len(text))
    assert perplexity(found, texts[700:]) == pytest.approx(perplexity(model, texts[700:]), rel=0.005)


def test_a_model_in_bytes_stays_as_it_is_and_comes_back_from_a_file(model, tmp_path):
    found = in_bytes(model)
    write_compact(found, tmp_path / "lm.npz")
    for other in (in_bytes(found), read_compact(tmp_path / "lm.npz")):
        for name in ("log_prob", "backoff"):
            np.testing.assert_array_equal(getattr(other, name), getattr(found, name), err_msg=name)


def test_a_small_model_has_no_value_moved_by_more_than_rounding():
    model = quantised(estimate([list("abc"), list("ab"), list("ca")], 3))
    found = in_bytes(model)
    for name in ("log_prob", "backoff"):
        np.testing.assert_allclose(getattr(found, name), getattr(model, name), atol=1e-6, err_msg=name)
