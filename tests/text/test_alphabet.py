"""The map between symbols and classes, and its file."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seqapp.text.alphabet import Alphabet, escape, unescape

QUICK = settings(deadline=None, max_examples=100)
# Surrogates cannot occur in a decoded file or a TensorFlow string; everything else may.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@QUICK
@given(st.lists(TEXTS, max_size=5))
@example(["a b\nc\td\\s", "e\u0301 👩\u200d🚀 \ufeff\u2028\x85\r"])
def test_decode_undoes_encode(texts):
    alphabet = Alphabet.from_texts(texts)
    for text in texts:
        assert alphabet.decode(alphabet.encode(text)) == text


@QUICK
@given(TEXTS)
@example(" \n\t\\\r\x85\u2028\ufeff\u0301n\\n\\s#")
def test_file_holds_the_same_symbols(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("alphabet") / "alphabet.txt"
    alphabet = Alphabet.from_texts([text])
    alphabet.save(path)
    assert Alphabet.load(path) == alphabet


@QUICK
@given(TEXTS.filter(bool))
def test_escaped_symbol_is_one_visible_line(symbol):
    line = escape(symbol)
    assert line.isprintable() and line == line.strip() and len(line.splitlines()) == 1
    assert unescape(line) == symbol


def test_file_has_one_symbol_a_line_in_class_order(tmp_path):
    Alphabet((" ", "\n", "\\", "b", "a", "\u0301")).save(tmp_path / "alphabet.txt")
    assert (tmp_path / "alphabet.txt").read_bytes() == b"\\s\n\\n\n\\\\\nb\na\n\\u{301}\n"


def test_file_from_another_editor_is_read(tmp_path):
    (tmp_path / "alphabet.txt").write_bytes(b"\xef\xbb\xbfa\r\nb\r\n")
    assert Alphabet.load(tmp_path / "alphabet.txt").symbols == ("a", "b")


def test_blank_is_the_class_after_the_last_symbol():
    alphabet = Alphabet(("a", "b", "c"))
    assert (alphabet.blank_index, alphabet.num_classes, len(alphabet)) == (3, 4, 3)
    assert alphabet.encode("cab") == [2, 0, 1]


def test_same_texts_in_any_order_give_the_same_classes():
    assert Alphabet.from_texts(["cab", "d"]) == Alphabet.from_texts(["d", "abc"]) == Alphabet(tuple("abcd"))
    assert Alphabet.from_texts([]).num_classes == 1


def test_longer_symbols_are_matched_first():
    alphabet = Alphabet(("e", "\u0301", "e\u0301"))
    assert alphabet.encode("e\u0301e") == [2, 0]
    assert alphabet.decode([2, 0]) == "e\u0301e"
    assert alphabet.unknown("e\u0301x\ny") == {"x", "\n", "y"}


def test_unknown_characters_are_named_with_text_and_id():
    alphabet = Alphabet(tuple("abc"))
    assert alphabet.unknown("cabby!") == {"y", "!"}
    with pytest.raises(ValueError, match=r"line-7: .*'!' \(U\+0021\), 'y' \(U\+0079\).*'cabby!'"):
        alphabet.encode("cabby!", id="line-7")


@pytest.mark.parametrize("ids", [[3], [-1], [0, 99]])
def test_indices_that_are_no_symbols_are_refused(ids):
    with pytest.raises(ValueError, match="blank is 3"):
        Alphabet(tuple("abc")).decode(ids)


@pytest.mark.parametrize(("symbols", "message"), [(("a", "b", "a"), "more than once: 'a'"), (("a", ""), "index 1")])
def test_symbols_must_be_distinct_and_not_empty(symbols, message):
    with pytest.raises(ValueError, match=message):
        Alphabet(symbols)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\n\nb\n", r"alphabet.txt:2: .*Write a space as \\s"),
        ("a\n\\q\n", r"alphabet.txt:2: unknown escape"),
        ("\\u{110000}\n", "unknown escape"),
        ("a\\\n", "unknown escape"),
        ("a\na\n", "more than once"),
    ],
)
def test_broken_files_are_refused_with_their_line(tmp_path, content, message):
    (tmp_path / "alphabet.txt").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        Alphabet.load(tmp_path / "alphabet.txt")
