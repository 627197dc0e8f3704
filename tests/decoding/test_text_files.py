"""Texts are read from whatever they lie in, line by line, and what is none is named."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from seqapp.decoding.text_files import read_lines

TEXT = "\ufeffun caf\u00e9\r\n\n  two\u2028lines \n<s> </s> <unk>"
LINES = ["un caf\u00e9", "two\u2028lines", "<s> </s> <unk>"]


@pytest.mark.parametrize(
    "name, compress", [("a", bytes), ("a.gz", gzip.compress), ("a.xz", lzma.compress), ("a.bz2", bz2.compress)]
)
def test_files_compressed_or_not(tmp_path, name, compress):
    (tmp_path / name).write_bytes(compress(TEXT.encode()))
    assert list(read_lines([tmp_path / name])) == LINES


def test_folders_are_read_by_name_and_their_other_files_are_not(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.txt.gz").write_bytes(gzip.compress(b"b"))
    (tmp_path / "a.TXT").write_text("a")
    (tmp_path / "README.md").write_text("no text")
    (tmp_path / ".hidden.txt").write_text("nor this")
    assert list(read_lines([tmp_path])) == ["a", "b"]


@pytest.mark.parametrize("suffix", ["", "gz", "xz"])
def test_tar_archives(tmp_path, suffix):
    with tarfile.open(tmp_path / f"a.tar.{suffix}", f"w:{suffix}") as archive:
        for name, content in {"./README.md": b"no", "./a.txt": TEXT.encode(), "b.txt.xz": lzma.compress(b"b")}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    assert list(read_lines([tmp_path / f"a.tar.{suffix}"])) == [*LINES, "b"]


def test_zip_archives(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", TEXT)
    assert list(read_lines([tmp_path / "a.zip"])) == LINES


def test_what_is_no_text_is_named(tmp_path):
    with pytest.raises(ValueError, match="No text at"):
        list(read_lines([tmp_path / "none.txt"]))
    with pytest.raises(ValueError, match="holds no text. Expected files named .txt"):
        list(read_lines([tmp_path]))
    (tmp_path / "latin.txt").write_bytes("one\ncaf\u00e9".encode("latin-1"))
    with pytest.raises(ValueError, match="latin.txt is not UTF-8"):
        list(read_lines([tmp_path / "latin.txt"]))
    (tmp_path / "cut.gz").write_bytes(gzip.compress(TEXT.encode())[:-9])
    with pytest.raises(ValueError, match="cut.gz cannot be read"):
        list(read_lines([tmp_path / "cut.gz"]))
