"""Language models of other programs are read in the symbols of the alphabet, and what does not fit is said."""

import logging

import numpy as np
import pytest

from seqapp.decoding.ngram import estimate, log_prob, read_arpa, write_arpa
from seqapp.decoding.scorers.character_scorer import CharacterScorer
from seqapp.decoding.sentences import symbol_sentences
from seqapp.decoding.token_fit import fitted, is_of_characters
from seqapp.text import Alphabet
from tests.decoding.scorers.scoring import score_of

ALPHABET = Alphabet(tuple(" ABCT"))
TEXTS = ["A CAT", "CAT AT A BAT", "TAB A CAT"]
SENTENCES = symbol_sentences(TEXTS, ALPHABET)
MODEL = estimate(SENTENCES, 3)


def spelled(space, change=str):
    """The model as another program would have written it."""
    return estimate([[space if token == r"\s" else change(token) for token in s] for s in SENTENCES], 3)


def scored(model, text, alphabet=ALPHABET):
    return score_of(CharacterScorer(model, alphabet), text, alphabet)


@pytest.mark.parametrize(
    "space", ["<space>", "<SPACE>", "<sp>", "[SPACE]", "|", "\u2581", "_", "\u2423", "{space}", "\u3000", "\u00a0"]
)
def test_every_name_of_the_space_means_the_space(tmp_path, space, caplog):
    write_arpa(spelled(space), tmp_path / "lm.arpa")
    with caplog.at_level(logging.INFO):
        model = fitted(read_arpa(tmp_path / "lm.arpa"), ALPHABET, "lm.arpa")
    assert "3-gram model of characters" in caplog.text and f"the space is {space!r}" in caplog.text
    assert scored(model, "A CAT") == pytest.approx(log_prob(MODEL, SENTENCES[0]), abs=1e-4)


def test_a_bar_that_the_alphabet_has_is_the_space_only_where_it_is_common():
    alphabet = Alphabet((*ALPHABET.symbols, "|"))
    assert scored(fitted(spelled("|"), alphabet), "A CAT", alphabet) == pytest.approx(log_prob(MODEL, SENTENCES[0]))
    rare = estimate(["CATCATCATCATCATBBBBBBBBAAAA|", "CATB"], 2)
    assert not fitted(rare, alphabet).aliases


@pytest.mark.parametrize("change", [str.lower, lambda token: token.lower() if token != "C" else token])
def test_letters_in_the_other_case_are_read_in_the_alphabets(change, caplog):
    model = fitted(spelled("|", change), ALPHABET, "lm.arpa")
    assert scored(model, "A CAT") == pytest.approx(log_prob(MODEL, SENTENCES[0]), abs=1e-4)
    assert "stand in the other case" in caplog.text


def test_of_both_cases_the_likelier_one_counts_where_the_alphabet_has_one():
    mixed = estimate([["A", *"cat"], *["catcatcat"] * 3], 2)
    model = fitted(mixed, Alphabet(tuple("ACT")))
    assert model.number("A") == mixed.index["a"]
    both = fitted(mixed, Alphabet(tuple("ACTact")))
    assert both.number("A") == mixed.index["A"] and both.number("C") == mixed.index["c"]


def test_a_model_that_fits_is_left_as_it_is(caplog):
    assert fitted(MODEL, ALPHABET) is MODEL and not caplog.records


def test_another_unicode_form_is_the_same_character():
    alphabet = Alphabet(("\u00e9", "a"))
    model = estimate([["e\u0301", "a"], ["a"]], 2)
    assert fitted(model, alphabet).number("\u00e9") == model.index["e\u0301"]


def test_the_tokens_tell_characters_from_words():
    assert is_of_characters(spelled("<space>"), ALPHABET)
    assert is_of_characters(estimate([["a", "<ctc>", "b"]], 1), ALPHABET)
    assert not is_of_characters(estimate([["A", "CAT"], ["A", "B", "BAT"]], 1), ALPHABET)


@pytest.mark.parametrize("sentences", ["\u0444\u044b\u0432\u0430", [["\u043a\u043e\u0442", "\u0434\u0430"]]])
def test_a_model_of_another_script_is_refused(sentences):
    with pytest.raises(ValueError, match="lm.arpa does not fit the recogniser: .* 0 % .*Expected a language model of"):
        fitted(estimate(sentences, 2), ALPHABET, "lm.arpa")


def test_what_the_alphabet_lacks_is_told(caplog):
    fitted(estimate(["CATXYZXYZXYZ", "A"], 2), ALPHABET, "lm.arpa")
    assert "it lacks 'X', 'Y', 'Z'" in caplog.text and "no token for the space" in caplog.text


def test_pieces_of_words_are_told(caplog):
    fitted(estimate([["CAT", "\u2581CA", "\u2581AT", "BAT", "BAT"]], 1), ALPHABET, "lm.arpa")
    assert "pieces of words" in caplog.text


def test_a_symbol_whose_token_is_the_space_is_unknown():
    alphabet = Alphabet((*ALPHABET.symbols, "_"))
    model = fitted(spelled("_"), alphabet)
    assert model.number("_") == model.index["<unk>"] and np.isfinite(scored(model, "A_", alphabet))
