import io
import multiprocessing
import tarfile
import zipfile

import pytest

from seqapp.datasets import archive as archive_module
from seqapp.datasets.archive import opened, unpack

CONTENT = {"top/a.txt": b"alpha", "top/deep/b.txt": bytes(range(256)) * 400}


def write_tar(path, content=CONTENT, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def write_zip(path, content=CONTENT):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def write(path):
    if path.suffix == ".zip":
        return write_zip(path)
    return write_tar(path, mode={".tar": "w", ".gz": "w:gz", ".xz": "w:xz", ".bz2": "w:bz2"}[path.suffix])


@pytest.mark.parametrize("name", ["c.tar", "c.tar.gz", "c.tar.xz", "c.tar.bz2", "c.zip"])
def test_every_kind_opens_as_the_same_folder_and_leaves_nothing(tmp_path, name):
    with opened(write(tmp_path / name)) as folder:
        assert {file: (folder / file).read_bytes() for file in CONTENT} == CONTENT
    assert not folder.exists()


def test_a_folder_opens_as_itself(tmp_path):
    with opened(tmp_path) as folder:
        assert folder == tmp_path


def test_a_cached_archive_is_unpacked_once_and_anew_when_it_changes(tmp_path):
    path = write(tmp_path / "c.tar.gz")
    first = unpack(path, tmp_path / "cache")
    (first / "mark").touch()
    assert (unpack(path, tmp_path / "cache") / "mark").exists()
    write_tar(path, {"other": b"changed"}, "w:gz")
    assert (unpack(path, tmp_path / "cache") / "other").read_bytes() == b"changed"


@pytest.mark.parametrize("name", ["c.tar", "c.tar.gz", "c.tar.xz", "c.zip"])
def test_a_truncated_archive_is_named_and_leaves_nothing(tmp_path, name):
    path = write(tmp_path / name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match=f"{name}: truncated or damaged.*Download it again"):
        unpack(path, tmp_path / "cache")
    assert [file.name for file in (tmp_path / "cache").iterdir()] == [".lock"]


@pytest.mark.parametrize("name", ["c.tar.gz", "c.tar.bz2"])
def test_a_wrong_checksum_is_found_though_it_comes_after_the_last_member(tmp_path, name):
    path = write(tmp_path / name)
    content = bytearray(path.read_bytes())
    content[-6] ^= 0xFF  # of gzip the checksum, of bzip2 too
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"{name}: truncated or damaged.*Download it again"):
        unpack(path, tmp_path / "cache")


def test_an_encrypted_archive_is_refused_with_a_remedy(tmp_path):
    path = write_zip(tmp_path / "c.zip", {"a.txt": b"alpha"})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag of encryption, in the member's header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    path.write_bytes(content)
    with pytest.raises(ValueError, match="c.zip: cannot be unpacked .*encrypted.*Unpack it yourself"):
        unpack(path, tmp_path / "cache")


def test_a_full_disk_is_no_damaged_archive(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    path = write(tmp_path / "c.tar.gz")
    monkeypatch.setattr(archive_module.shutil, "copyfileobj", full)
    with pytest.raises(OSError, match="No space left"):
        unpack(path, tmp_path / "cache")


def test_what_a_killed_run_left_is_removed(tmp_path):
    leftover = tmp_path / "cache" / ".unpacking-abc" / "half"
    leftover.mkdir(parents=True)
    unpack(write(tmp_path / "c.zip"), tmp_path / "cache")
    assert not leftover.parent.exists()


def test_a_faster_run_is_joined_where_nothing_can_be_locked(tmp_path, monkeypatch):
    path = write(tmp_path / "c.tar")
    extract = archive_module._extract_all

    def overtaken(path, partial):
        monkeypatch.setattr(archive_module, "_extract_all", extract)
        unpack(path, tmp_path / "cache")
        extract(path, partial)

    monkeypatch.setattr("seqapp.datasets.lock.fcntl", None)
    monkeypatch.setattr(archive_module, "_extract_all", overtaken)
    folder = unpack(path, tmp_path / "cache")
    assert (folder / "top/a.txt").read_bytes() == b"alpha"
    assert not list((tmp_path / "cache").glob(".unpacking-*"))


def test_runs_at_once_share_one_folder(tmp_path):
    path, cache = write(tmp_path / "c.tar.xz"), tmp_path / "cache"
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.starmap(unpack, [(path, cache)] * 4))) == 1
    assert len([folder for folder in cache.iterdir() if folder.is_dir()]) == 1


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil-seqapp", "a/../../evil"])
@pytest.mark.parametrize("writer", [write_tar, write_zip])
def test_a_member_outside_is_refused(tmp_path, name, writer):
    path = writer(tmp_path / ("c.tar" if writer is write_tar else "c.zip"), {name: b"x"})
    with pytest.raises(ValueError, match="points outside"):
        unpack(path, tmp_path / "cache")
    assert not list(tmp_path.rglob("evil*"))


def test_links_are_left_out(tmp_path):
    with tarfile.open(tmp_path / "c.tar", "w") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert not any(unpack(tmp_path / "c.tar", tmp_path / "cache").iterdir())


def test_a_missing_archive_and_another_file_are_told_apart(tmp_path):
    with pytest.raises(ValueError, match="found nothing"), opened(tmp_path / "none.tar"):
        pass
    (tmp_path / "note.txt").touch()
    with pytest.raises(ValueError, match="expected a folder or an archive"), opened(tmp_path / "note.txt"):
        pass
