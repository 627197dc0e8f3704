"""Lexicon files as users have them are read as words."""

import pytest

from seqapp.decoding.lexicon import read_lexicon


@pytest.mark.parametrize(
    "content, words",
    [
        ("cat\n\n  dog \ncat\r\n", ["cat", "dog"]),
        ("\ufeffcafe\u0301\n", ["caf\u00e9"]),
        (";;; CMU\nREAD  R IY1 D\nREAD(2)  R EH1 D\nMP3\tEH1 M P IY2 TH R IY1\n", ["READ", "MP3"]),
        ("# a comment\nread R IY1 D\nread(2) R EH1 D\nNEW N UW1\n", ["read", "NEW"]),
        ("<sil> SIL\nA AH\nYES Y EH S\n!NOISE SPN\n", ["A", "YES"]),
        ("the\t12\nof\t9\n", ["the", "of"]),
        ("new york\nsan juan\n", ["new york", "san juan"]),
        ("a b c\nd f\n", ["a b c", "d f"]),
    ],
)
def test_the_words_are_read(tmp_path, content, words):
    (tmp_path / "words.txt").write_bytes(content.encode())
    assert read_lexicon(tmp_path / "words.txt") == words


def test_what_is_no_text_is_refused(tmp_path):
    with pytest.raises(ValueError, match="No lexicon at"):
        read_lexicon(tmp_path / "none.txt")
    (tmp_path / "words.txt").write_bytes("caf\u00e9\n".encode("latin-1"))
    with pytest.raises(ValueError, match="words.txt is not UTF-8"):
        read_lexicon(tmp_path / "words.txt")
