"""File wrapper for libsndfile: a seek outside the file is no error, and no name suggests a format."""

import io
from typing import BinaryIO


class SteadyFile:
    """A file without a name that is no error to send before its start: it stays where it is, or goes there.

    soundfile prints a traceback for every such seek and goes on all the same; and it takes any text whose name ends in
    .raw, .gsm or .vox for headerless audio.

    Args:
        file: Open in binary mode.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError):  # of files on a disk, and of those in memory
            return self._file.tell()

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def readinto(self, buffer) -> int:
        return self._file.readinto(buffer)
