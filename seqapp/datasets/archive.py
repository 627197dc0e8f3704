"""Archives of corpora (tar, zip) unpacked once into a cache, or opened as a folder.

Archives come from strangers: nothing is written outside the destination, and links and devices are left out.
"""

import contextlib
import hashlib
import logging
import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from seqapp.command_line import log_progress
from seqapp.datasets.file_tree import is_hidden
from seqapp.datasets.lock import locked

logger = logging.getLogger(__name__)

SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".zip")
_PARTIAL = ".unpacking-"  # starts the names of folders that are not complete yet
_BLOCK = 1 << 20  # bytes
_DAMAGED = (tarfile.TarError, zipfile.BadZipFile, EOFError, lzma.LZMAError, zlib.error)


def is_archive(path: str | Path) -> bool:
    """Return whether a file's name is that of a supported archive; its content is not looked at."""
    return str(path).lower().endswith(SUFFIXES)


def archives_in(folder: Path) -> list[Path]:
    """Return the archives that lie directly in a folder, sorted."""
    return sorted(
        path for path in folder.iterdir() if path.is_file() and is_archive(path) and not is_hidden(path, folder)
    )


@contextlib.contextmanager
def opened(path: str | Path, cache_dir: str | Path | None = None) -> Iterator[Path]:
    """Open a folder or an archive as a folder.

    Args:
        path: Folder, or archive (.tar, .tar.gz, .tar.xz, .tar.bz2, .zip).
        cache_dir: Where to unpack an archive, to find it unpacked next time; None: into a temporary folder,
            removed at the end.

    Yields:
        The folder.

    Raises:
        ValueError: Nothing there, no archive, truncated, damaged or encrypted, or a member that points outside.
    """
    path = Path(path)
    if path.is_dir():
        yield path
    elif cache_dir is not None:
        yield unpack(path, cache_dir)
    else:
        with tempfile.TemporaryDirectory(prefix="seqapp-") as folder:
            yield unpack(path, folder)


def unpack(path: str | Path, cache_dir: str | Path) -> Path:
    """Unpack an archive once.

    Args:
        path: The archive.
        cache_dir: Receives a folder named after the archive, its size and its time: a changed archive is
            unpacked anew.

    Returns:
        The folder. It appears only when complete: an interrupted run leaves nothing that looks done.

    Raises:
        ValueError: As `opened`.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"{path}: expected a folder or an archive, found nothing. Check the path.")
    if not is_archive(path):
        raise ValueError(f"{path}: expected a folder or an archive: {', '.join(SUFFIXES)}.")
    folder = Path(cache_dir) / f"{path.name.split('.')[0]}-{_fingerprint(path)}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(folder.parent / ".lock") as alone:
        if alone:
            _remove_leftovers(folder.parent)
        if not folder.is_dir():
            _unpack_to(folder, path)
    return folder


def _remove_leftovers(cache_dir: Path) -> None:
    """Remove what killed runs left half unpacked."""
    for leftover in cache_dir.glob(f"{_PARTIAL}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _unpack_to(folder: Path, path: Path) -> None:
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_PARTIAL))
    try:
        _extract_all(path, partial)
        _rename(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _rename(partial: Path, folder: Path) -> None:
    try:
        partial.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another run was faster where nothing can be locked: its folder is as good
            raise


def _extract_all(path: Path, destination: Path) -> None:
    logger.info("unpacking %s", path)
    extract = _extract_zip if path.suffix.lower() == ".zip" else _extract_tar
    try:
        extract(path, destination.resolve())
    except _DAMAGED as error:
        raise _damaged(path, error) from error
    except OSError as error:
        if error.errno is not None:  # the disk's; those of gzip and bz2 have no number
            raise
        raise _damaged(path, error) from error
    except RuntimeError as error:  # zipfile's for encryption and for unknown compression
        raise ValueError(f"{path}: cannot be unpacked ({error}). Unpack it yourself and give the folder.") from error


def _damaged(path: Path, error: Exception) -> ValueError:
    reason = str(error) or type(error).__name__
    return ValueError(f"{path}: truncated or damaged archive ({reason}). Download it again.")


def _extract_tar(path: Path, destination: Path) -> None:
    with tarfile.open(path) as archive:
        for member in log_progress(archive, f"unpacking {path.name}"):
            if member.isfile():
                target = _target(path, member.name, destination)
                with archive.extractfile(member) as source, open(target, "wb") as sink:
                    shutil.copyfileobj(source, sink)
        while archive.fileobj.read(_BLOCK):  # the checksum follows the last member
            pass


def _extract_zip(path: Path, destination: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        for member in log_progress(members, f"unpacking {path.name}", len(members)):
            if not member.is_dir():
                target = _target(path, member.filename, destination)
                with archive.open(member) as source, open(target, "wb") as sink:
                    shutil.copyfileobj(source, sink)


def _target(path: Path, name: str, destination: Path) -> Path:
    target = (destination / name).resolve()
    if not target.is_relative_to(destination):
        raise ValueError(f"{path}: member {name!r} points outside the archive. Do not trust this archive.")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _fingerprint(path: Path) -> str:
    state = path.stat()
    text = f"{path.resolve()} {state.st_size} {state.st_mtime_ns}"
    return hashlib.sha1(text.encode()).hexdigest()[:10]
