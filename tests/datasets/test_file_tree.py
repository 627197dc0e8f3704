"""Hidden and housekeeping files are no data, and what is not read is told by suffix."""

import os

import pytest

from seqapp.datasets.archive import archives_in
from seqapp.datasets.distribution import below, inner_folder
from seqapp.datasets.file_tree import files_below, id_of, log_unread, readable


def touch(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


HIDDEN = (
    "._a.wav", ".ipynb_checkpoints/a.wav", ".git/a.wav", ".Trash-1000/files/a.wav", "@eaDir/a.wav", "__MACOSX/x/a.wav",
    "sub/@eaDir/a.wav", "$RECYCLE.BIN/a.wav", "lost+found/a.wav", "System Volume Information/a.wav",
)  # fmt: skip


def test_hidden_and_housekeeping_folders_are_passed_at_any_depth(tmp_path):
    touch(tmp_path, "b.WAV", "sub/a.wav", "notes.txt", *HIDDEN)
    assert files_below(tmp_path, (".wav",)) == [tmp_path / "b.WAV", tmp_path / "sub" / "a.wav"]
    assert len(files_below(tmp_path)) == 3


def test_a_folder_that_is_itself_below_a_hidden_one_is_read(tmp_path):
    touch(tmp_path, ".cache/mine/a.wav")
    assert len(files_below(tmp_path / ".cache" / "mine", (".wav",))) == 1


def test_what_a_mac_packs_beside_a_corpus_hides_neither_it_nor_its_archive(tmp_path):
    touch(tmp_path, "corpus/train/a.wav", "corpus/test/b.wav", "__MACOSX/corpus/._a.wav", "._mine.zip", "mine.zip")
    assert below(tmp_path, "train") == [tmp_path / "corpus" / "train"]
    assert archives_in(tmp_path) == [tmp_path / "mine.zip"]
    (tmp_path / "mine.zip").unlink()
    assert inner_folder(tmp_path) == tmp_path / "corpus"


def test_what_is_not_read_is_counted_by_suffix(tmp_path, caplog):
    touch(tmp_path, "a.wav", "b.m4a", "sub/c.M4A", "d.webm", "a.txt", "README.md", ".hidden.m4a", "no_suffix")
    log_unread(tmp_path, [tmp_path / "a.wav"], companions=(".txt",))
    assert f"{tmp_path}: not read: 2 .m4a, 1 .webm, 1 no suffix" in caplog.text
    caplog.clear()
    log_unread(tmp_path / "sub", [tmp_path / "sub" / "c.M4A"])
    assert not caplog.text


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-16 there")
def test_a_name_that_is_no_utf8_becomes_an_id_that_can_be_written(tmp_path):
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.wav")).touch()
    except OSError:
        pytest.skip("this file system refuses such names")
    (path,) = files_below(tmp_path, (".wav",))
    assert id_of(path, tmp_path) == "caf\ufffd"


def test_half_a_pair_of_surrogates_is_replaced_and_a_whole_one_stays():
    assert readable("h\ud83d") == "h\ufffd" and readable("\U0001f600 é") == "\U0001f600 é"
