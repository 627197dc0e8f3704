import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.datasets.ink.unipen.splits import split, writer_key


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(codec="latin-1"), min_size=1))
def test_the_rule_is_that_of_the_hash(writer):
    value = int(hashlib.sha1(f"cedar/{writer}".encode("latin-1")).hexdigest()[:8], 16) % 20
    expected = "test" if value < 3 else "validation" if value < 5 else "train"
    assert split("cec", writer_key("cec", writer)) == expected


def test_writers_are_shared_within_a_family_only():
    assert writer_key("apb", "x") == writer_key("app", "x") != writer_key("lex", "x")


def test_bbn_is_split_as_bbn_did():
    keys = [writer_key("bbd", str(i)) for i in range(40)]
    assert {split("bbd", key) for key in keys} == {"train"}
    assert {split("bbb", key) for key in keys} == {"validation"}
