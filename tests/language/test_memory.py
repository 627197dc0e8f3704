"""The state after every token is that of reading up to it."""

import numpy as np
import pytest

from seqapp.language.memory import activations
from tests.language.small_language import small_corpus, small_model, small_recipe


@pytest.mark.parametrize("cell, layer", [("min_gru", -1), ("lstm", 0)])
def test_rows_are_states_of_the_beginnings(cell, layer):
    corpus = small_corpus()
    model = small_model(corpus, small_recipe(cell=cell))
    found = activations(model, corpus.vocabulary, "the cat", layer)
    _, state = model(corpus.vocabulary.encode("the c")[np.newaxis], model.initial_state(1))
    place = 0 if layer == 0 else len(state) - model.stack[-1].num_states
    np.testing.assert_allclose(found[4], state[place][0], atol=1e-5)
    with pytest.raises(ValueError, match="an empty one"):
        activations(model, corpus.vocabulary, "")
