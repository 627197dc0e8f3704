"""Part of a file as a file of its own, with a header in front of it if need be."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

_BLOCK = 1 << 20  # bytes searched at a time


class FilePart:
    """Bytes `start` to `end` of a file behind a header, to be read and sought like a file.

    Args:
        file: Open in binary mode. Its position is set before each reading: parts may share it.
        start: First byte.
        end: Byte behind the last.
        header: Bytes in front of them.
    """

    def __init__(self, file: BinaryIO, start: int, end: int, header: bytes = b"") -> None:
        self._file = file
        self._start = start
        self._header = header
        self._size = len(header) + max(end - start, 0)
        self._position = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise ValueError(f"negative position: {origin + offset}")
        self._position = origin + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int = -1) -> bytes:
        rest = max(self._size - self._position, 0)
        size = rest if size is None or size < 0 else min(size, rest)
        head = self._header[self._position : self._position + size]
        place = self._position + len(head) - len(self._header)
        content = head
        if size > len(head):
            self._file.seek(self._start + place)
            content += self._file.read(size - len(head))
        self._position += len(content)
        return content

    def readinto(self, buffer: memoryview) -> int:
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)


def places_of(file: BinaryIO, patterns: Sequence[bytes], start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Find patterns in a file.

    Args:
        file: Open in binary mode.
        patterns: Of one length.
        start: Byte where the search begins.

    Yields:
        (byte, pattern) of each occurrence, in order of the bytes.
    """
    overlap = len(patterns[0]) - 1
    tail = b""
    while True:
        file.seek(start)
        block = file.read(_BLOCK)
        if not block:
            return
        content = tail + block
        base = start - len(tail)
        places = []
        for pattern in patterns:
            place = content.find(pattern)
            while place >= 0:
                places.append((base + place, pattern))
                place = content.find(pattern, place + 1)
        yield from sorted(places)
        start += len(block)
        tail = content[-overlap:] if overlap else b""
