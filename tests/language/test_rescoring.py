"""Texts in one batch score as each alone, as the sum over their characters and their end."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.language.rescoring import Rescorer
from tests.language.small_language import small_corpus, small_model, small_recipe

CORPUS = small_corpus()
MODEL = small_model(CORPUS, small_recipe())
TEXTS = ["the cat", "", "a mat on the mat", "hat"]


def test_a_batch_equals_each_text_alone_and_the_plain_sum():
    rescorer = Rescorer(MODEL, CORPUS.vocabulary)
    together = rescorer.log_probs(TEXTS)
    for text, found in zip(TEXTS, together):
        assert rescorer.log_probs([text])[0] == pytest.approx(found, rel=1e-5)
        line = CORPUS.vocabulary.encode(f"\n{text}\n")
        outputs, _ = MODEL(line[np.newaxis, :-1], MODEL.initial_state(1))
        log_probs = tf.nn.log_softmax(MODEL.logits(outputs))[0].numpy()
        assert found == pytest.approx(log_probs[np.arange(len(line) - 1), line[1:]].sum(), rel=1e-4)


def test_the_weight_decides_between_search_and_model():
    rescorer = Rescorer(MODEL, CORPUS.vocabulary)
    scores = [-1.0, -2.0, -3.0, -4.0]
    assert [text for text, _ in rescorer.rank(TEXTS, scores, weight=0.0)] == TEXTS
    order = np.argsort(-rescorer.log_probs(TEXTS))
    assert [text for text, _ in rescorer.rank(TEXTS, scores, weight=1e6)] == [TEXTS[i] for i in order]
    assert rescorer.rank([], []) == []
