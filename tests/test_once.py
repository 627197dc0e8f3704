"""What is made once is there for all who ask, whole or not at all."""

import pytest

from tests.once import made_once


def test_the_first_makes_it_and_the_others_find_it(tmp_path_factory):
    def make(path):
        path.mkdir()
        (path / "file").write_text("made")

    def never(path):
        raise AssertionError("it is there")

    folder = made_once(tmp_path_factory, "made", make)
    assert made_once(tmp_path_factory, "made", never) == folder and (folder / "file").read_text() == "made"


def test_what_could_not_be_made_is_not_there(tmp_path_factory):
    def fail(path):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        made_once(tmp_path_factory, "failed", fail)
    assert not (tmp_path_factory.getbasetemp() / "failed").exists()
