"""Compact files give the model back, with rounded logarithms; what is none is refused in one sentence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.ngram import (
    check_sums,
    estimate,
    log_prob,
    perplexity,
    quantised,
    read_compact,
    read_ngram_model,
    write_arpa,
    write_compact,
)
from seqapp.decoding.ngram.compact import STEPS

STRUCTURE = ("tokens", "order", "token", "suffix", "first_child")
VALUES = ("log_prob", "backoff")


def assert_equal(model, expected, names=STRUCTURE + VALUES):
    for name in names:
        np.testing.assert_array_equal(getattr(model, name), getattr(expected, name), err_msg=name)


def read_back(model, folder):
    write_compact(model, folder / "lm.npz")
    return read_compact(folder / "lm.npz")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("abç \n", max_size=9), min_size=1, max_size=8).filter(any), st.integers(1, 5))
def test_a_model_comes_back_with_rounded_logarithms(tmp_path_factory, texts, order):
    model = estimate([["\\n" if c == "\n" else c for c in text] for text in texts], order)
    found = read_back(model, tmp_path_factory.mktemp("compact"))
    assert_equal(found, model, STRUCTURE)
    assert_equal(found, quantised(model))
    for name in VALUES:
        np.testing.assert_allclose(getattr(found, name), getattr(model, name), atol=0.5 / STEPS + 1e-6, rtol=0)
    for name in ("token", "suffix", "first_child", *VALUES):
        assert getattr(found, name).dtype == getattr(model, name).dtype, name


@pytest.fixture(scope="module")
def texts(made_up_texts):
    return made_up_texts(200, num_words=60, text_words=5)


@pytest.fixture(scope="module")
def model(texts):
    return estimate(texts[:150], 5)


def test_a_second_file_equals_the_first(model, tmp_path):
    once = read_back(model, tmp_path)
    first = (tmp_path / "lm.npz").read_bytes()
    assert_equal(read_back(once, tmp_path), once)
    assert (tmp_path / "lm.npz").read_bytes() == first
    assert_equal(quantised(once), once)


def test_texts_are_foreseen_as_well(model, texts, tmp_path):
    found = read_back(model, tmp_path)
    for some in (texts[:150], texts[150:]):
        assert perplexity(found, some) == pytest.approx(perplexity(model, some), rel=0.01)


def test_what_was_rounded_is_still_a_probability_model(model, tmp_path):
    check_sums(read_back(model, tmp_path), tmp_path / "lm.npz")


def test_files_are_told_apart_by_their_names(model, tmp_path):
    write_compact(model, tmp_path / "lm.npz")
    write_arpa(model, tmp_path / "lm.arpa.gz")
    compact, arpa = read_ngram_model(str(tmp_path / "lm.npz")), read_ngram_model(tmp_path / "lm.arpa.gz")
    assert log_prob(compact, "abc") == pytest.approx(log_prob(arpa, "abc"), abs=0.1)
    assert (tmp_path / "lm.npz").stat().st_size < 10 * len(model)


def test_a_missing_file_is_named(tmp_path):
    for path in (tmp_path / "none.npz", tmp_path):
        with pytest.raises(ValueError, match="No language model at"):
            read_compact(path)


def test_files_that_are_something_else_are_refused(model, tmp_path):
    path = tmp_path / "lm.npz"
    for content in (b"", b"no zip", b"PK\x03\x04" + bytes(40), b"\\data\\\nngram 1=3\n"):
        path.write_bytes(content)
        assert_refused(path)
    np.savez(path, x=np.arange(3))
    assert_refused(path)
    np.savez(path, **columns(model, tmp_path) | {"tokens": np.array([{"a": 1}], object)})
    assert_refused(path)


def columns(model, folder):
    write_compact(model, folder / "whole.npz")
    with np.load(folder / "whole.npz") as file:
        return dict(file)


def assert_refused(path):
    with pytest.raises(ValueError, match="lm.npz is no compact language model") as error:
        read_compact(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "name, change",
    [
        ("token", lambda x: x[:-1]),
        ("token", lambda x: np.append(x, x[-1:])),
        ("num_children", lambda x: x[:-1]),
        ("num_children", lambda x: np.append(x, x[-1:])),
        ("num_children", lambda x: np.where(np.arange(len(x)) == 0, 0, x)),
        ("num_children", lambda x: np.append(x[1:], x[:1])),
        ("log_prob", lambda x: x[:-1]),
        ("backoff", lambda x: x[:5]),
        ("tokens", lambda x: x[: len(x) // 2]),
        ("tokens", lambda x: np.frombuffer(b"\xff\xfe", np.uint8)),
        ("order", lambda x: np.array(["five"])),
    ],
)
def test_columns_that_do_not_fit_each_other_are_refused(model, tmp_path, name, change):
    whole = columns(model, tmp_path)
    np.savez(tmp_path / "lm.npz", **whole | {name: change(whole[name])})
    assert_refused(tmp_path / "lm.npz")


def test_a_file_cut_short_or_with_a_byte_changed_gives_the_model_or_an_error(model, tmp_path):
    path = tmp_path / "lm.npz"
    write_compact(model, path)
    whole = path.read_bytes()
    for end in range(0, len(whole), len(whole) // 20):
        path.write_bytes(whole[:end])
        assert_refused(path)
    rng = np.random.default_rng(0)
    refused = 0
    for place in rng.integers(0, len(whole), 200):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.integers(0, 8)
        path.write_bytes(damaged)
        try:
            assert_equal(read_compact(path), quantised(model))  # a byte of a zip that nobody reads
        except ValueError as error:
            assert "lm.npz is no compact language model" in str(error)
            refused += 1
    assert refused > 150
