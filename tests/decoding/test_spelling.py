"""Any text is spelled with the symbols of an alphabet, and what is changed is counted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.spelling import Spelling
from seqapp.text import Alphabet

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ENGLISH = Alphabet(tuple(" '-." + LETTERS))
SPEECH = Alphabet(tuple(" " + LETTERS.upper()))


@pytest.mark.parametrize(
    "alphabet, text, expected",
    [
        (ENGLISH, "it\u2019s \u2014 so \u2026", "it's - so ..."),
        (ENGLISH, "caf\u00e9 \u0152uvre na\u00efve", "cafe oeuvre naive"),
        (ENGLISH, "in 1890, he (too) came", "in he too came"),
        (ENGLISH, "<s> <unk> </s>", "s unk s"),
        (ENGLISH, "a \u65e5\u672c b", "a b"),
        (SPEECH, "Don\u2019t\u2014no", "DONT NO"),
        (SPEECH, "caf\u00e9", "CAFE"),
        (Alphabet(("a", "\u2019", "\u2014", " ")), "a'a - a", "a\u2019a \u2014 a"),
        (Alphabet(("a", "ch", " ")), "acha bcha c a", "acha a"),
    ],
)
def test_texts_are_spelled_as_the_alphabet_can(alphabet, text, expected):
    spelling = Spelling(alphabet)
    assert spelling.writable(text) == expected
    assert bool(spelling.summary()) == (text != expected)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_whatever_comes_is_writable(text):
    assert not ENGLISH.unknown(Spelling(ENGLISH).writable(text))


def test_the_commonest_changes_are_told():
    spelling = Spelling(ENGLISH)
    spelling.writable("\u00e9\u00e9\u00e9 1 (")
    expected = "5 characters (71 %) that the model cannot write: '\u00e9' as 'e' (3), '1' left out with its word (1), "
    assert spelling.summary() == expected + "'(' left out (1)"
