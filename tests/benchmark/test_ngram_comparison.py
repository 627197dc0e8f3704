"""Comparison of n-gram models: bits per token, what KenLM is given, and torch.nn.LSTM on the same sentences."""

import math
import stat

import pytest

from seqapp.benchmark.ngram_comparison import kenlm, measure, spelled, torch_lstm
from seqapp.decoding.ngram import estimate, perplexity, write_arpa
from seqapp.text import Alphabet

ALPHABET = Alphabet(tuple(" abc"))
TEXTS = ["abc abc", "cab", "a b"]
HELD_OUT = {"one": ["abc cab"], "two": ["b", "ca"]}


def ngrams(space, order=3):
    return estimate([[space if symbol == " " else symbol for symbol in text] for text in TEXTS], order)


def program(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return path


def test_bits_per_token_are_the_logarithm_of_the_perplexity():
    model = ngrams(r"\s")
    found = measure("ours", model, ALPHABET, HELD_OUT)
    for name, texts in HELD_OUT.items():
        expected = perplexity(model, [[r"\s" if symbol == " " else symbol for symbol in text] for text in texts])
        assert math.isclose(found.bits[name], math.log2(expected))
    assert found.size == f"{len(model) - 1} n-grams" and str(found).endswith("bits a token")


def test_kenlm_is_given_the_texts_as_tokens_and_its_model_is_measured_alike(tmp_path):
    write_arpa(ngrams("\u2581"), tmp_path / "lm.arpa")
    lmplz = program(
        tmp_path / "lmplz", f'echo "$@" > {tmp_path}/options; cat > {tmp_path}/tokens; cat {tmp_path}/lm.arpa'
    )
    model, core_s = kenlm(lmplz, 3, TEXTS, ALPHABET)
    assert (tmp_path / "tokens").read_text(encoding="utf-8") == "a b c \u2581 a b c\nc a b\na \u2581 b\n"
    assert (tmp_path / "options").read_text().startswith("-o 3 ") and core_s >= 0
    found, expected = (measure("x", model, ALPHABET, HELD_OUT) for model in (model, ngrams(r"\s")))
    assert found.size == expected.size
    assert all(math.isclose(found.bits[name], bits, rel_tol=1e-5) for name, bits in expected.bits.items())


def test_a_failure_of_kenlm_is_told_in_its_words(tmp_path):
    lmplz = program(tmp_path / "lmplz", "echo no discounts >&2; exit 3")
    with pytest.raises(ValueError, match="status 3: no discounts"):
        kenlm(lmplz, 3, TEXTS, ALPHABET)


def test_texts_are_spelled_and_what_nothing_is_left_of_is_left_out():
    assert spelled(["a\u00e1 b", "123", "c"], ALPHABET) == ["aa b", "c"]


def test_torch_learns_the_same_sentences():
    pytest.importorskip("torch", reason="needs PyTorch")
    found = torch_lstm(2_000, 0.01, TEXTS * 200, HELD_OUT)
    assert found.bits.keys() == HELD_OUT.keys() and all(0 < bits < 3 for bits in found.bits.values())
