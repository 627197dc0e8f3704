"""Every token counts once, given all before it, however the text is cut."""

import numpy as np
import pytest
import tensorflow as tf

import seqapp.language.perplexity
from seqapp.language.perplexity import Foreseer
from tests.language.small_language import small_corpus, small_model, small_recipe


def test_equals_one_pass_over_the_whole_text(monkeypatch):
    corpus, recipe = small_corpus(), small_recipe()
    model = small_model(corpus, recipe)
    ids = corpus.validation[:50]
    before = np.concatenate([[corpus.vocabulary.index["\n"]], ids[:-1]])[np.newaxis]
    outputs, _ = model(before, model.initial_state(1))
    log_probs = tf.nn.log_softmax(model.logits(outputs))[0].numpy()
    expected = -log_probs[np.arange(50), ids].sum()
    monkeypatch.setattr(seqapp.language.perplexity, "WINDOW", 7)
    found = Foreseer(model, corpus.vocabulary).measure(ids)
    assert found.nats == pytest.approx(expected, rel=1e-5) and found.num_tokens == 50 and found.num_unknown == 0
    assert found.bits_per_token == pytest.approx(np.log2(found.perplexity))


def test_unknown_words_are_counted():
    corpus = small_corpus("words")
    model = small_model(corpus, small_recipe("words"))
    assert Foreseer(model, corpus.vocabulary).measure(corpus.vocabulary.encode("the dog sat")).num_unknown == 1
