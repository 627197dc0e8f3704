"""Texts become arrays of numbers, by whole blocks as one by one."""

import argparse

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding import sentences
from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, estimate, estimate_encoded
from seqapp.decoding.ngram.encode import encode
from seqapp.decoding.options import add_model_options, expect_model_options
from seqapp.decoding.sentences import TextEncoder, encode_symbols, symbol_sentences
from seqapp.text import Alphabet

ALPHABET = Alphabet((" ", "'", "<", ">", "a", "b", "\u00e9", "/", "s"))


@settings(deadline=None)
@given(st.lists(st.text(ALPHABET.symbols, max_size=6), max_size=6).filter(any))
def test_blocks_are_encoded_as_single_texts_are(texts):
    pieces, tokens = encode_symbols(texts, ALPHABET)
    expected, expected_tokens = encode(symbol_sentences(texts, ALPHABET))
    assert tokens == expected_tokens
    np.testing.assert_array_equal(np.concatenate(pieces), np.concatenate(expected))


def test_many_blocks_and_long_symbols(monkeypatch):
    monkeypatch.setattr(sentences, "PIECE", 3)
    pieces, tokens = encode_symbols(["ab", "a", "sb", "a"], ALPHABET)
    assert len(pieces) == 2 and tokens == [BEGIN, END, UNKNOWN, "a", "b", "s"]
    _, tokens = encode_symbols(["acha"], Alphabet(("a", "ch")))
    assert tokens == [BEGIN, END, UNKNOWN, "a", "ch"]


@pytest.mark.parametrize("alphabet", [ALPHABET, Alphabet(("a", "ch"))])
def test_no_text_is_refused(alphabet):
    with pytest.raises(ValueError, match="no token at all"):
        encode_symbols([""], alphabet)


def test_any_text_is_encoded_and_what_changed_is_told(caplog):
    encoder = TextEncoder(ALPHABET)
    with caplog.at_level("INFO"):
        pieces, tokens = encoder.encode(["a\u2019b \u65e5 b", "\u65e5\u672c", "<s> </s>", "\u00e8"])
    assert encoder.num_texts == 2 and UNKNOWN not in [tokens[i] for i in np.concatenate(pieces)]
    assert "5 characters" in caplog.text and "'\u65e5' left out with its word (2)" in caplog.text
    assert estimate_encoded(pieces, tokens, 3).tokens == estimate(encoder.sentences(["a'b b", "<s> </s>"]), 3).tokens


def test_special_tokens_in_a_text_are_words_like_others():
    pieces, tokens = TextEncoder(ALPHABET, "words").encode(["a <s> </s> ab"])
    assert tokens == [BEGIN, END, UNKNOWN, "a", "ab", "s"] and pieces[0].tolist() == [0, 3, 5, 5, 4, 1]


def options(*given):
    parser = argparse.ArgumentParser()
    parser.add_argument("--dataset", nargs="+", default=[])
    add_model_options(parser)
    arguments = parser.parse_args(given)
    expect_model_options(arguments)
    return arguments


def test_the_order_depends_on_the_tokens():
    assert options("--text", "a").order == 8 and options("--text", "a", "--words").order == 3
    assert options("--dataset", "a", "--words", "--order", "2").order == 2


@pytest.mark.parametrize(
    "given, message",
    [
        ((), "Expected --dataset NAME or --text FILE"),
        (("--text", "a", "--order", "0"), "--order must be a whole number of at least 1. Received: 0"),
        (("--text", "a", "--max-ngrams", "-5"), "--max-ngrams must be a whole number of at least 1. Received: -5"),
    ],
)
def test_options_that_mean_nothing_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        options(*given)
