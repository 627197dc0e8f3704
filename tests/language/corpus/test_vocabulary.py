"""Texts come back from their numbers; rare and unknown words are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqapp.language.corpus.vocabulary import LINE_BREAK, UNKNOWN, Vocabulary, split, split_spaced


@given(st.text("ab \n\té"))
def test_characters_come_back(text):
    vocabulary = Vocabulary.from_tokens(split(text, "characters"), "characters")
    assert vocabulary.decode(vocabulary.encode(text)) == text


def test_words_come_back_with_their_lines():
    text = "the cat , it's the cat\nsat on <unk>\n"
    vocabulary = Vocabulary.from_tokens(split(text, "words"), "words")
    assert vocabulary.decode(vocabulary.encode(text)) == text
    assert vocabulary.tokens[:4] == (LINE_BREAK, "cat", "the", ",")  # by frequency, then sorted


def test_rare_and_new_words_are_the_unknown_one():
    vocabulary = Vocabulary.from_tokens(split("a a b", "words"), "words", min_count=2)
    assert set(vocabulary.tokens) == {"a", UNKNOWN, LINE_BREAK}
    assert vocabulary.encode("b c a").tolist() == [vocabulary.index[UNKNOWN]] * 2 + [vocabulary.index["a"]]


def test_every_line_of_a_spaced_text_ends_in_a_token():
    assert split_spaced(" a <unk> 's \n \n b\n") == ["a", "<unk>", "'s", "\n", "\n", "b", "\n"]


def test_a_vocabulary_survives_its_file(tmp_path):
    vocabulary = Vocabulary.from_tokens(["\\", " ", "\n", "é", "#"], "characters")
    vocabulary.save(tmp_path / "v.txt")
    assert Vocabulary.load(tmp_path / "v.txt") == vocabulary


def test_a_file_without_the_special_tokens_is_refused(tmp_path):
    (tmp_path / "v.txt").write_text("words\na\n")
    with pytest.raises(ValueError, match="must hold"):
        Vocabulary.load(tmp_path / "v.txt")
