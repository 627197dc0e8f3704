"""WAV files with wrong sizes or without padding, and several in one file: their samples by all that the file tells."""

import dataclasses
import io
from typing import BinaryIO

UNKNOWN_SIZE = 0x7FFF0000  # programs that write to a pipe state no size but 0 or one near 2**31 or 2**32


@dataclasses.dataclass(frozen=True)
class WavPart:
    """One recording of a WAV file.

    Args:
        start: First byte of its header.
        end: Byte behind the recording.
        header: Header that states the true size, for a part whose own is wrong; empty where it is right. It replaces
            everything up to `samples`.
        samples: First byte of its samples.
        remark: What is wrong with the file; empty for nothing.
    """

    start: int
    end: int
    header: bytes = b""
    samples: int = 0
    remark: str = ""


def wav_parts(file: BinaryIO) -> list[WavPart]:
    """Find the recordings of a WAV file.

    Args:
        file: Open in binary mode.

    Returns:
        One part, or as many as were joined into the file. A file that lacks its end is one part, unchanged.
    """
    size = file.seek(0, io.SEEK_END)
    parts = [_part(file, 0, size)]
    while parts[-1].end < size:
        parts.append(_part(file, parts[-1].end, size))
    return parts


def _part(file: BinaryIO, start: int, size: int) -> WavPart:
    riff = _bytes(file, start, 8)
    riff_end = start + 8 + int.from_bytes(riff[4:], "little")
    position = start + 12
    format_chunk = b""
    lacks_padding = False
    while position + 8 <= size:
        name, length = _chunk(file, position)
        if name == b"data":
            end, next_part, is_wrong = _end(file, position + 8, length, riff_end, size)
            if not format_chunk or not (lacks_padding or is_wrong):
                return WavPart(start, next_part)
            remark = "a chunk without its padding" if lacks_padding and not is_wrong else "a wrong size in its header"
            header = _header(format_chunk, end - position - 8)
            return WavPart(start, max(next_part, end), header, position + 8, f"{remark}, read whole")
        if name == b"fmt ":
            format_chunk = _bytes(file, position, 8 + length)
        position += 8 + length
        if length % 2 and not (_is_name(_bytes(file, position, 4)) and not _is_name(_bytes(file, position + 1, 4))):
            position += 1  # chunks are padded to even sizes
        elif length % 2:
            lacks_padding = True
    return WavPart(start, size)


def _end(file: BinaryIO, samples: int, length: int, riff_end: int, size: int) -> tuple[int, int, bool]:
    """Return the byte behind the samples, that of the next recording or of the file's end, and if a size is wrong."""
    stated = samples + length
    if length >= UNKNOWN_SIZE:
        return min(stated, size), size, False
    if stated > size + 1:  # the other size of the header tells a wrong one from a file that lacks its end
        is_wrong = samples < riff_end <= size + 1
        return min(riff_end, size) if is_wrong else size, size, is_wrong
    padded = stated + length % 2
    if _bytes(file, padded, 4) == b"RIFF" and _bytes(file, padded + 8, 4) == b"WAVE":
        return stated, padded, False
    rest = size - stated
    if rest >= max(length, 8) and not _is_chunk(file, padded, size) and any(_bytes(file, stated, min(rest, 4_096))):
        return (min(riff_end, size) if riff_end > stated else size), size, True
    return stated, _next_wav(file, padded, size), False


def _next_wav(file: BinaryIO, position: int, size: int) -> int:
    """Return where another recording begins behind the chunks that follow the samples; the end of the file if none."""
    while _is_chunk(file, position, size):
        name, length = _chunk(file, position)
        if name == b"RIFF":
            return position
        position += 8 + length + length % 2
    return size


def _is_chunk(file: BinaryIO, position: int, size: int) -> bool:
    if position + 8 > size:
        return False
    name, length = _chunk(file, position)
    return _is_name(name) and position + 8 + length <= size + 1


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= byte < 0x7F for byte in name)


def _chunk(file: BinaryIO, position: int) -> tuple[bytes, int]:
    head = _bytes(file, position, 8)
    return head[:4], int.from_bytes(head[4:], "little")


def _bytes(file: BinaryIO, position: int, count: int) -> bytes:
    file.seek(position)
    return file.read(count)


def _header(format_chunk: bytes, num_bytes: int) -> bytes:
    format_chunk += b"\0" * (len(format_chunk) % 2)
    size = (4 + len(format_chunk) + 8 + num_bytes).to_bytes(4, "little")
    return b"RIFF" + size + b"WAVE" + format_chunk + b"data" + num_bytes.to_bytes(4, "little")
