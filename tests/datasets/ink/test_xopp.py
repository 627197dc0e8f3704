"""Notes of Xournal++: pages of pen strokes, zipped or not."""

import gzip

import pytest

from seqapp.datasets.ink.ink_files import read_ink
from seqapp.datasets.skipped import Skipped

STROKE = '<stroke tool="{}" color="#000000ff" width="1.41">{}</stroke>'


def notes(*pages):
    layers = "".join(f'<page width="595" height="842"><background/><layer>{page}</layer></page>' for page in pages)
    return f'<?xml version="1.0"?><xournal creator="Xournal++" fileversion="4"><title/>{layers}</xournal>'.encode()


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_the_strokes_of_the_pen_are_an_ink(tmp_path, pack):
    page = STROKE.format("pen", "1 2 3 4 5 4") + STROKE.format("highlighter", "9 9 8 8") + STROKE.format("pen", "7 7")
    (tmp_path / "a.xopp").write_bytes(pack(notes(page)))
    (ink,) = read_ink(tmp_path / "a.xopp", Skipped())
    assert ink.id == "a" and ink.points[:, :2].tolist() == [[1, 2], [3, 4], [5, 4], [7, 7]]
    assert ink.points[:, 2:].tolist() == [[0, 0], [0, 0], [0, 1], [0, 1]]


def test_pages_are_numbered_and_a_bad_one_costs_itself(tmp_path):
    (tmp_path / "a.xopp").write_bytes(gzip.compress(notes(STROKE.format("pen", "1 2"), "", STROKE.format("pen", "x"))))
    skipped = Skipped()
    assert [ink.id for ink in read_ink(tmp_path, skipped)] == ["a/1"]
    assert [id for id, _ in skipped] == ["a/3"]


@pytest.mark.parametrize("content", [gzip.compress(b"<xournal>")[:-4], gzip.compress(b"<xournal>"), b"\x1f\x8bxx"])
def test_a_broken_file_is_named(tmp_path, content):
    (tmp_path / "a.xopp").write_bytes(content)
    with pytest.raises(ValueError, match="broken Xournal.. file: a.xopp"):
        list(read_ink(tmp_path / "a.xopp", Skipped()))
