"""ARPA files come back as they were written, and broken ones are refused with the line."""

import gzip
import logging
import lzma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.ngram import check_sums, estimate, log_prob, read_arpa, write_arpa

GOOD = """\\data\\
ngram 1=4
ngram 2=2

\\1-grams:
-99\t<s>\t-0.30103
-0.60206\t</s>
-0.60206\t<unk>
-0.30103\ta\t-0.30103

\\2-grams:
-0.1249387\t<s> a
-0.1249387\ta a

\\end\\
"""


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("abc", max_size=6), min_size=1, max_size=8).filter(any), st.integers(1, 4), st.booleans())
def test_a_model_survives_its_file(tmp_path_factory, texts, order, is_zipped):
    path = tmp_path_factory.mktemp("arpa") / ("lm.arpa.gz" if is_zipped else "lm.arpa")
    model = estimate(texts, order)
    write_arpa(model, path)
    found = read_arpa(path)
    check_sums(found, path)
    for text in [*texts, "cab", "?", ""]:
        assert log_prob(found, text) == pytest.approx(log_prob(model, text), abs=1e-4)


def test_probabilities_are_those_of_the_file(tmp_path):
    (tmp_path / "lm.arpa").write_text(GOOD)
    model = read_arpa(tmp_path / "lm.arpa")
    check_sums(model, "lm")
    expected = {"a": np.log(0.75) + np.log(0.5 * 0.25), "": np.log(0.5 * 0.25), "?": np.log(0.125 * 0.25)}
    assert {text: log_prob(model, text) for text in expected} == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda t: t.replace("ngram 1=4", "ngram 1=5"), "announces 5 1-grams. Received: 4"),
        (lambda t: t.replace("ngram 2=2", "ngram 3=2"), "expected the count of order 2"),
        (lambda t: t.replace("-0.60206\t</s>", "-0.60206"), r"lm.arpa:7: expected a base-10 log-probability, 1 token"),
        (lambda t: t.replace("-0.60206\t</s>", "0.5\t</s>"), r"lm.arpa:7: expected a base-10"),
        (lambda t: t.replace("a a", "b a"), "the 2-gram 'b a' has no 1-gram 'b'"),
        (lambda t: t.replace("<s> a", "a a"), "the 2-gram 'a a' stands there twice"),
        (lambda t: t.partition("\\end")[0], "ends within its 2-grams"),
        (lambda t: t.partition("\\1-grams")[0], "ends in its header"),
        (lambda t: "", r"expected \\data\\"),
    ],
)
def test_broken_files_are_refused(tmp_path, change, message):
    (tmp_path / "lm.arpa").write_text(change(GOOD))
    with pytest.raises(ValueError, match=message):
        read_arpa(tmp_path / "lm.arpa")


def test_a_missing_file_and_a_binary_one_are_refused(tmp_path):
    with pytest.raises(ValueError, match="No language model at"):
        read_arpa(tmp_path / "lm.arpa")
    (tmp_path / "lm.arpa").write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(ValueError, match="is no ARPA file"):
        read_arpa(tmp_path / "lm.arpa")
    (tmp_path / "lm.arpa.gz").write_bytes(b"no gzip")
    with pytest.raises(ValueError, match="is no ARPA file"):
        read_arpa(tmp_path / "lm.arpa.gz")


def test_what_does_not_sum_to_one_is_no_model(tmp_path):
    (tmp_path / "lm.arpa").write_text(GOOD.replace("-0.1249387\ta a", "-0.0100000\ta a"))
    with pytest.raises(ValueError, match=r"after 'a' its probabilities sum to 1\.\d+, not to 1"):
        check_sums(read_arpa(tmp_path / "lm.arpa"), "lm.arpa")


def read(tmp_path, text, caplog=None):
    (tmp_path / "lm.arpa").write_bytes(text if isinstance(text, bytes) else text.encode())
    if caplog is None:
        return read_arpa(tmp_path / "lm.arpa")
    with caplog.at_level(logging.INFO):
        return read_arpa(tmp_path / "lm.arpa")


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: "\ufeff" + t,
        lambda t: "Language model created by QuickLM\nngram 1=nr\nbegins: \\data\\\n\n" + t,
        lambda t: "Copyright \u00a9\n".encode("latin-1") + t.encode(),
        lambda t: gzip.compress(t.encode()),
        lambda t: lzma.compress(t.encode()),
        lambda t: t.replace("<unk>", "<UNK>").replace("\t", "  ").replace("ngram 1=4", "ngram 1 = 4"),
        lambda t: t.replace("ngram 2=2", "ngram 2=2\nngram 3=0").replace("\\end", "\\3-grams:\n\n\\end"),
        lambda t: t.replace("ngram 2=2", "ngram 2=2\nngram 3=0"),
        lambda t: t.replace("<s> a", "<s> a\t0"),
    ],
)
def test_what_other_programs_write_is_the_same_model(tmp_path, change):
    expected = read(tmp_path, GOOD)
    model = read(tmp_path, change(GOOD))
    assert model.tokens == expected.tokens and model.order == 2
    for name in ("token", "suffix", "log_prob", "backoff", "first_child"):
        np.testing.assert_array_equal(getattr(model, name), getattr(expected, name))


def test_a_missing_unknown_and_a_missing_end_are_added_as_kenlm_has_them(tmp_path, caplog):
    text = GOOD.replace("-0.60206\t<unk>\n", "").replace("-0.60206\t</s>\n", "").replace("ngram 1=4", "ngram 1=2")
    model = read(tmp_path, text, caplog)
    assert "holds no <unk>" in caplog.text and "holds no </s>" in caplog.text
    for token in ("<unk>", "</s>"):
        assert model.score(0, model.number(token)) == pytest.approx(-100 * np.log(10))


def test_any_other_space_than_blank_and_tab_belongs_to_its_token(tmp_path):
    model = read(tmp_path, GOOD.replace("a", "a\u00a0b").replace("\\d\u0061\u00a0bt\u0061\u00a0b", "\\data").replace(
        "ngr\u0061\u00a0bm", "ngram").replace("gr\u0061\u00a0bms", "grams"))  # fmt: skip
    assert "a\u00a0b" in model.tokens
    assert "\u3000" in read(tmp_path, GOOD.replace("\ta", "\t\u3000").replace(" a", " \u3000")).tokens


PRUNED = """\\data\\
ngram 1=5
ngram 2=1
ngram 3=2

\\1-grams:
-99\t<s>\t-0.2
-0.6\t</s>
-0.6\t<unk>
-0.6\ta\t-0.3
-0.6\tb\t-0.1

\\2-grams:
-0.2\ta b\t-0.4

\\3-grams:
-0.1\t<s> a b
-0.3\tb a a

\\end\\
"""


def test_ngrams_that_were_pruned_away_are_added_as_backing_off_has_them(tmp_path, caplog):
    model = read(tmp_path, PRUNED, caplog)
    assert "lacks 3 n-grams" in caplog.text  # <s> a, b a, a a
    begin = model.begin
    a, b = model.number("a"), model.number("b")
    assert model.score(begin, a) == pytest.approx((-0.2 - 0.6) * np.log(10), abs=1e-5)
    assert model.score(model.advance(begin, a), b) == pytest.approx(-0.1 * np.log(10), abs=1e-5)
    after_b_a = model.advance(model.advance(0, b), a)
    assert model.score(after_b_a, a) == pytest.approx(-0.3 * np.log(10), abs=1e-5)
    assert model.score(after_b_a, b) == pytest.approx(-0.2 * np.log(10), abs=1e-5)  # its own back-off is 0
    assert model.score(model.advance(0, a), a) == pytest.approx((-0.3 - 0.6) * np.log(10), abs=1e-5)


@pytest.mark.parametrize(
    "content, message",
    [
        (GOOD.replace("\ta", "\t\u00e9").replace(" a", " \u00e9").encode("latin-1"), "lm.arpa:9: .* is not UTF-8"),
        (gzip.compress(GOOD.encode())[:-20], "is no ARPA file"),
        (b"mmap lm http://kheafield.com/code format version 5\n\0", "a binary file of KenLM"),
        (GOOD.replace("-0.30103\ta", "nan\ta"), "lm.arpa:9: expected a base-10"),
        (GOOD.replace("a\t-0.30103", "a\tnan"), "lm.arpa:9: expected a base-10"),
    ],
)
def test_what_is_no_model_is_said_to_be_none(tmp_path, content, message):
    with pytest.raises(ValueError, match=message):
        read(tmp_path, content)


def test_a_context_of_which_all_was_pruned_keeps_its_back_off(tmp_path):
    """As in KenLM: such files have weights that were estimated before."""
    model = read(tmp_path, PRUNED.replace("-0.1\t<s> a b", "-0.1\t<s> a a"))
    after_a_b = model.advance(model.advance(0, model.number("a")), model.number("b"))
    assert model.score(after_a_b, model.number("b")) == pytest.approx((-0.4 - 0.1 - 0.6) * np.log(10), abs=1e-5)
