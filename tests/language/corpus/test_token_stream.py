"""A text in blocks, cut anywhere, has the tokens of the whole."""

import collections

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.language.corpus.token_arrays import joined
from seqapp.language.corpus.token_stream import TokenStream
from seqapp.language.corpus.vocabulary import Vocabulary, split, split_spaced

TEXTS = st.text(st.sampled_from("ab'  \n\n.\u2019é\u3000\U0001f600<unk>"), min_size=1, max_size=60)
SPLITS = {
    ("characters", False): lambda text: split(text, "characters"),
    ("words", False): lambda text: split(text, "words"),
    ("words", True): split_spaced,
}


@pytest.mark.parametrize("kind, is_spaced", SPLITS)
@settings(deadline=None)
@given(TEXTS, st.integers(1, 9))
def test_blocks_of_any_size_have_the_tokens_of_the_whole(kind, is_spaced, text, size):
    stream = TokenStream(lambda: (text[i : i + size] for i in range(0, len(text), size)), kind, is_spaced)
    tokens = SPLITS[kind, is_spaced](text)
    assert stream.counts() == collections.Counter(tokens)
    vocabulary = Vocabulary.from_tokens(tokens[::2], kind)  # others are unknown
    ids = joined(stream.ids(vocabulary))
    np.testing.assert_array_equal(ids, vocabulary.encode_tokens(tokens))
    assert ids.dtype == np.int32


def test_half_a_pair_of_surrogates_is_a_character_too():
    stream = TokenStream(lambda: ["a\ud800"], "characters")
    assert stream.counts() == {"a": 1, "\ud800": 1}
