"""A corpus too large for memory has the tokens of one in memory, is read once, and is read anew when a file changes."""

import logging
import os

import numpy as np
import pytest

from seqapp.language.corpus import text_files, token_arrays
from seqapp.language.corpus.text_corpus import read_corpus, read_text
from seqapp.language.corpus.text_files import TextFiles
from seqapp.language.corpus.token_arrays import TokenCache
from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.recipe import TextConfig
from tests.language.small_language import text


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch, tmp_path):
    monkeypatch.setattr(text_files, "BLOCK", 7)
    monkeypatch.setenv("SEQAPP_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "b.txt").write_text(text(30, 1), encoding="utf-8-sig")
    (folder / "a.txt").write_bytes(text(40).replace("\n", "\r\n").encode())
    return folder


def same(one, other):
    for name in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.vocabulary == other.vocabulary


@pytest.mark.parametrize("dataset", ["own_text", "tiny_shakespeare"])
@pytest.mark.parametrize("tokens", ["characters", "words"])
def test_ids_on_disk_are_those_in_memory(folder, tokens, dataset, monkeypatch, caplog):
    config = TextConfig(dataset=dataset, tokens=tokens, batch_size=2, min_count=2)
    in_memory = read_corpus(config, folder)
    assert not isinstance(in_memory.train, np.memmap)
    monkeypatch.setattr(token_arrays, "IN_MEMORY_BYTES", 10)
    on_disk = read_corpus(config, folder)
    assert isinstance(on_disk.train, np.memmap)
    same(on_disk, in_memory)
    monkeypatch.setattr(Vocabulary, "from_counts", lambda *_: pytest.fail("counted again"))
    same(read_corpus(config, folder), in_memory)
    os.utime(folder / "a.txt", ns=(1, 1))
    with pytest.raises(pytest.fail.Exception):
        read_corpus(config, folder)
    with caplog.at_level(logging.INFO):
        given = Vocabulary(in_memory.vocabulary.tokens[:9] + ("\n", "<unk>"), tokens)
        other = read_corpus(config, folder, given)  # of another model: other ids, in another place
    assert other.vocabulary == given and "token ids: from" in caplog.text


def test_a_write_that_fails_leaves_nothing(tmp_path):
    cache = TokenCache([], ["a"])

    def fail():
        yield np.ones(3, np.int32)
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        cache.save({"train": fail()}, Vocabulary(("<unk>", "\n"), "words"))
    assert cache.load(["train"]) is None and not list(cache.folder.parent.iterdir())


def test_files_are_one_text(folder):
    files = TextFiles(folder)
    whole = text(40) + "\n" + text(30, 1)
    assert "".join(files.blocks()) == whole and files.num_characters() == len(whole)
    for start, stop in ((0, 0), (3, 20), (len(text(40)) - 2, len(text(40)) + 3), (5, None)):
        assert "".join(files.blocks(start, stop)) == whole[start:stop]
    assert files.line_end(4) == whole.find("\n", 4) + 1
    assert files.line_end(len(whole) - 1) == (whole.find("\n", len(whole) - 1) + 1 or len(whole) - 1)


def test_any_text_is_read_by_the_vocabulary_of_a_model(folder):
    config = TextConfig(dataset="own_text", tokens="words")
    vocabulary = read_corpus(TextConfig(dataset="own_text", tokens="words", batch_size=2), folder).vocabulary
    whole = text(40) + "\n" + text(30, 1)
    np.testing.assert_array_equal(read_text(config, folder, vocabulary), vocabulary.encode(whole))
    (folder / "empty.txt").write_text(" \n ")
    with pytest.raises(ValueError, match="an empty one"):
        read_text(config, folder / "empty.txt", vocabulary)
    with pytest.raises(ValueError, match="no such file"):
        read_text(config, folder / "none.txt", vocabulary)
