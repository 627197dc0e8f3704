"""Inflation of gzip and deflate in small pieces, all members of a gzip one after the other."""

import zlib
from collections.abc import Iterator

PIECE = 1 << 18  # bytes, inflated: so many at a time keep nobody waiting
MAX_MEMBERS = 10_000  # of one body: writers in blocks make one of every 64 kB, and an empty one takes 20 bytes


class Inflater:
    """Inflates what comes in chunks.

    Args:
        window_bits: Of zlib: 31 for gzip, 47 for gzip or zlib.
    """

    def __init__(self, window_bits: int):
        self._window_bits = window_bits
        self._member = zlib.decompressobj(window_bits)
        self._num_members = 1

    @property
    def is_whole(self) -> bool:
        """True where the end was seen."""
        return self._member.eof

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Inflate a chunk.

        Args:
            chunk: As it came.

        Yields:
            At most `PIECE` bytes at a time.

        Raises:
            zlib.error: Damaged, followed by something else, or of too many members.
        """
        while True:
            if self._member.eof:
                chunk = chunk.lstrip(b"\0")  # which archivers append
                if not chunk:
                    return
                self._next_member()
            piece = self._member.decompress(chunk, PIECE)
            chunk = self._member.unconsumed_tail or self._member.unused_data
            yield piece
            if not chunk and len(piece) < PIECE:
                return

    def _next_member(self):
        self._num_members += 1
        if self._num_members > MAX_MEMBERS:
            raise zlib.error(f"more than {MAX_MEMBERS:,} members")
        self._member = zlib.decompressobj(self._window_bits)
