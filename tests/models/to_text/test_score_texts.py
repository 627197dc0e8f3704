"""A graph spells as the alphabet does, and scores as enumeration does."""

import numpy as np
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import ctc_loss
from seqapp.models.to_text.score_texts import score_texts, spell
from seqapp.text import Alphabet
from tests.small_models import ALPHABET

PUNCTUATION = Alphabet((" ", "(", ".", "\\", "|", "a", "a.", "ä", "\n"))
spelled = {
    alphabet: tf.function(
        lambda texts, symbols=alphabet.symbols: spell(texts, symbols),
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    for alphabet in (ALPHABET, PUNCTUATION)
}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([ALPHABET, PUNCTUATION]), st.data())
def test_texts_become_the_classes_of_the_alphabet(alphabet, data):
    pieces = st.sampled_from(alphabet.symbols)
    texts = data.draw(st.lists(st.lists(pieces, max_size=5).map("".join), min_size=1, max_size=3))
    labels, label_length, is_known = spelled[alphabet](tf.constant(texts))
    assert is_known.numpy().all()
    for row, text in enumerate(texts):
        assert labels[row, : label_length[row]].numpy().tolist() == alphabet.encode(text)


def test_characters_that_the_model_cannot_write_are_told():
    known = spelled[ALPHABET](tf.constant([b"a", b"ab", b"c", b"\xff", "aé".encode(), b"A", b""]))[2]
    assert known.numpy().tolist() == [True, False, False, False, True, False, True]


def test_scores_are_those_of_the_loss_and_impossible_where_nothing_fits():
    logits = np.random.default_rng(0).normal(size=(4, 6, ALPHABET.num_classes)).astype(np.float32)
    texts = ["a chaa", "é", "", "x"]
    scores = score_texts(tf.nn.log_softmax(logits), tf.constant([5, 4, 6, 6]), tf.constant(texts), ALPHABET.symbols)
    expected = -ctc_loss(logits[1:3], [4, 6], [[ALPHABET.encode("é")[0]], [0]], [1, 0])
    np.testing.assert_allclose(scores[1:3], expected, rtol=1e-5)
    assert np.isneginf(scores[0]) and np.isneginf(scores[3])  # two repeated letters need a blank; no such letter
