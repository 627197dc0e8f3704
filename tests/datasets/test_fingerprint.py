import os
import time

import pytest

from seqapp.datasets.fingerprint import fingerprint


@pytest.fixture
def folder(tmp_path):
    deep = tmp_path / "corpus" / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text("one")
    (tmp_path / "corpus" / "top.txt").write_text("two")
    return tmp_path / "corpus"


def longer(folder):
    (folder / "a/b/c/deep.txt").write_text("longer")


def touched(folder):
    os.utime(folder / "a/b/c/deep.txt", ns=(1, 1))


def renamed(folder):
    (folder / "a/b/c/deep.txt").rename(folder / "a/b/c/other.txt")


def added(folder):
    (folder / "a/b/new.txt").touch()


def removed(folder):
    (folder / "top.txt").unlink()


@pytest.mark.parametrize("change", [longer, touched, renamed, added, removed])
def test_every_change_at_any_depth_shows(folder, change):
    before = fingerprint([folder])
    assert fingerprint([folder]) == before
    change(folder)
    assert fingerprint([folder]) != before


def test_a_file_and_facts_count_and_neighbours_do_not(folder):
    before = fingerprint([folder / "top.txt"], "1.0.0")
    longer(folder)
    assert fingerprint([folder / "top.txt"], "1.0.0") == before
    assert fingerprint([folder / "top.txt"], "1.0.1") != before


def test_an_ignored_folder_counts_only_as_a_source_of_its_own(folder):
    before = fingerprint([folder], ignore=folder / "a"), fingerprint([folder / "a"], ignore=folder)
    longer(folder)
    assert fingerprint([folder], ignore=folder / "a") == before[0]
    assert fingerprint([folder / "a"], ignore=folder) != before[1]


def test_links_to_folders_are_not_followed_and_broken_ones_do_not_stop(folder):
    (folder / "a" / "loop").symlink_to(folder)
    (folder / "a" / "broken").symlink_to(folder / "nowhere")
    assert len(fingerprint([folder])) == 10


def test_ten_thousand_files_take_less_than_a_second_or_two(tmp_path):
    for number in range(10_000):
        (tmp_path / str(number)).touch()
    start = time.process_time()
    fingerprint([tmp_path])
    assert time.process_time() - start < 2.0
