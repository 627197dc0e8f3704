"""Files as users have them become three parts; what is missing is named."""

import pytest

from seqapp.language.corpus.text_corpus import read_corpus
from seqapp.recipe import TextConfig
from tests.language.small_language import text


def config(dataset, **values):
    return TextConfig(dataset=dataset, **{"batch_size": 2, **values})


def test_tiny_shakespeare_is_cut_as_tfds_cuts_it(tmp_path):
    whole = text(50)
    (tmp_path / "input.txt").write_text(whole)
    corpus = read_corpus(config("tiny_shakespeare"), tmp_path / "input.txt")
    i = int(len(whole) * 0.9)
    j = int((len(whole) - i) * 0.5)
    parts = (whole[:i], whole[i:][:j], whole[i:][j:])
    assert tuple(map(corpus.vocabulary.decode, (corpus.train, corpus.validation, corpus.test))) == parts


def test_own_text_is_cut_at_the_end_of_a_line(tmp_path):
    (tmp_path / "b.txt").write_text(text(30, 1))
    (tmp_path / "a.txt").write_text(text(30))
    corpus = read_corpus(config("own_text", tokens="words"), tmp_path)
    assert corpus.vocabulary.decode(corpus.train).endswith("\n")
    assert sum(map(len, (corpus.train, corpus.validation, corpus.test))) > 200


@pytest.mark.parametrize(
    "dataset, names",
    [
        ("penn_treebank", ("ptb.train.txt", "ptb.valid.txt", "ptb.test.txt")),
        ("wikitext", ("wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens")),
        ("wikitext", ("train.txt", "valid.txt", "test.txt")),
    ],
)
def test_layouts_of_three_files(tmp_path, dataset, names):
    for name in names:
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_text(f" a <unk> b {name.replace('.', '')} \n \n" * 3)
    corpus = read_corpus(config(dataset, tokens="words"), tmp_path)
    assert len(corpus.train) == len(corpus.validation) == 18
    assert (
        corpus.validation == corpus.vocabulary.index["<unk>"]
    ).sum() == 6  # its own name is not in the training part


def test_missing_files_are_named(tmp_path):
    with pytest.raises(ValueError, match="holds no ptb.train.txt"):
        read_corpus(config("penn_treebank"), tmp_path)
    with pytest.raises(ValueError, match="expected --data-dir with a text file"):
        read_corpus(config("own_text"), None)
    with pytest.raises(ValueError, match="holds no text file"):
        read_corpus(config("own_text"), tmp_path)
    (tmp_path / "a.txt").write_text("ab")
    with pytest.raises(ValueError, match="too short"):
        read_corpus(config("own_text"), tmp_path)
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="not UTF-8"):
        read_corpus(config("own_text"), tmp_path)
