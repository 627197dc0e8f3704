"""ARPA files come back as they were written, and broken ones are refused with the line."""

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
        (lambda t: "# made by hand\n" + t, r"lm.arpa:1: expected \\data\\"),
        (lambda t: t.replace("ngram 1=4", "ngram 1=5"), "announces 5 1-grams. Received: 4"),
        (lambda t: t.replace("ngram 2=2", "ngram 3=2"), "expected the count of order 2"),
        (lambda t: t.replace("-0.60206\t</s>", "-0.60206"), r"lm.arpa:7: expected a base-10 log-probability, 1 token"),
        (lambda t: t.replace("-0.60206\t</s>", "0.5\t</s>"), r"lm.arpa:7: expected a base-10"),
        (lambda t: t.replace("a a", "b a"), "the 2-gram 'b a' has no 1-gram 'b'"),
        (lambda t: t.replace("<s> a", "a a"), "the 2-gram 'a a' stands there twice"),
        (lambda t: t.replace("<unk>", "b"), "holds no <unk>"),
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
