"""Text files of language models: plain, compressed, in folders and in archives, line by line."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

TEXTS = (".txt", ".text")  # names of texts in folders and archives; a file that is named itself may have any
COMPRESSED = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}
DAMAGED = (gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError, tarfile.TarError, zipfile.BadZipFile)


def read_lines(paths: Iterable[str | Path]) -> Iterator[str]:
    """Yield the lines of texts in UTF-8 that are not empty, in the order of `paths`, within each by name.

    Args:
        paths: Text files, also as .gz, .xz or .bz2; folders and tar or zip archives of .txt files.

    Raises:
        ValueError: For a path without a text, a damaged file, or one that is not UTF-8: it and its line are named.
    """
    for path in map(Path, paths):
        if not path.exists():
            raise ValueError(f"No text at {path}. Expected a text file in UTF-8, a folder or an archive of such files.")
        is_empty = True
        try:
            for name, file in _open_all(path):
                is_empty = False
                yield from _lines(name, file)
        except DAMAGED as error:
            raise ValueError(f"{path} cannot be read: {error}. Is it damaged or cut off?") from error
        if is_empty:
            raise ValueError(f"{path} holds no text. Expected files named {' or '.join(TEXTS)}, compressed or not.")


def _open_all(path):
    """Yield (name, binary file) of each text."""
    if path.is_dir():
        for file in sorted(file for file in path.rglob("*") if file.is_file() and _is_text(file.name)):
            yield from _open_file(file)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(filter(_is_text, archive.namelist())):
                with archive.open(name) as file:
                    yield f"{path}: {name}", _decompressed(name, file)
    elif path.stat().st_size and tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:  # in the archive's own order, so that it is decompressed once
            for member in archive:
                if member.isfile() and _is_text(member.name):
                    yield f"{path}: {member.name}", _decompressed(member.name, archive.extractfile(member))
    else:
        yield from _open_file(path)


def _open_file(path):
    with path.open("rb") as file:
        yield str(path), _decompressed(path.name, file)


def _is_text(name):
    path = Path(name)
    stem = path.stem if path.suffix in COMPRESSED else path.name
    return stem.lower().endswith(TEXTS) and not path.name.startswith(".")


def _decompressed(name, file):
    opened = COMPRESSED.get(Path(name).suffix.lower())
    return opened(file) if opened else file


def _lines(name, file):
    number = 0
    try:
        for line in io.TextIOWrapper(file, encoding="utf-8-sig"):
            number += 1
            if line := line.strip():
                yield line
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is not UTF-8 after line {number}: {error}. Convert it, e.g. by iconv.") from error
