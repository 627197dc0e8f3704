import tarfile

import pytest

from seqapp.datasets.distribution import below, find_archive, find_source, inner_folder, open_root
from tests.small_audio import write_text


def find_root(folder):
    return next((path.parent for path in below(folder, "mark")), None)


def test_the_nearest_comes_first_and_the_fourth_level_is_too_far(tmp_path):
    for place in ("b/mark", "a/x/mark", "c/x/y/mark"):
        write_text(tmp_path / place, "")
    assert [path.relative_to(tmp_path).as_posix() for path in below(tmp_path, "mark")] == ["b/mark", "a/x/mark"]


def test_a_root_is_found_in_a_folder_and_in_an_archive_there(tmp_path):
    write_text(tmp_path / "in" / "corpus" / "mark", "")
    with tarfile.open(tmp_path / "My-Corpus.tar", "w") as archive:
        archive.add(tmp_path / "in", "in")
    root = open_root(tmp_path / "in", find_root, ("corpus",), tmp_path / "cache", "Fetch it.")
    assert root == tmp_path / "in" / "corpus" == find_source(tmp_path / "in", find_root, ("corpus",))
    (tmp_path / "in" / "corpus" / "mark").unlink()
    unpacked = open_root(tmp_path, find_root, ("corpus",), tmp_path / "cache", "Fetch it.")
    assert (unpacked / "mark").is_file() and unpacked.is_relative_to(tmp_path / "cache")
    assert find_source(tmp_path, lambda folder: None, ("corpus",)) == tmp_path / "My-Corpus.tar"


def test_where_nothing_is_found_the_user_is_told_what_to_fetch(tmp_path):
    (tmp_path / "other.zip").touch()
    assert find_archive(tmp_path, ("corpus",)) is None
    assert find_source(tmp_path, find_root, ("corpus",)) == tmp_path
    with pytest.raises(ValueError, match="the corpus is not in there, nor an archive of it. Fetch it"):
        open_root(tmp_path, find_root, ("corpus",), tmp_path / "cache", "\n Fetch it.\n")


def test_folders_that_hold_nothing_but_a_folder_are_passed_through(tmp_path):
    write_text(tmp_path / "a" / "b" / "train" / "x", "")
    write_text(tmp_path / "a" / "b" / "test" / "x", "")
    write_text(tmp_path / "a" / ".hidden", "")
    assert inner_folder(tmp_path) == tmp_path / "a" / "b"
    assert inner_folder(tmp_path / "a" / "b" / "train") == tmp_path / "a" / "b" / "train"
