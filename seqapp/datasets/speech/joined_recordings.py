"""Recordings joined into one file (cat a.mp3 b.mp3), of which libsndfile decodes the first, told apart by format."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from seqapp.datasets.speech.file_part import FilePart, places_of
from seqapp.datasets.speech.wav_chunks import wav_parts

_OGG_HEADER = 27  # bytes of a page, of which the last is the number of segments; their lengths follow
_OGG_FIRST = 2  # flag of a stream's first page
_FLAC = b"fLaC\0\0\0\x22"  # the magic and the head of the first block
_FLAC_LAST = b"fLaC\x80\0\0\x22"
# From a frame of an MP3 to the name of what it states: behind four bytes of header, and side information of one or two
# channels in MPEG 2, and in MPEG 1.
_TAG_OFFSETS = (13, 21, 36)
_LEAST_REST = 2_048  # bytes behind what an MP3 states: less are tags


def recordings_in(file: BinaryIO) -> tuple[list[BinaryIO], list[str]]:
    """Take a file of recordings apart.

    Args:
        file: Open in binary mode.

    Returns:
        parts: A file for each recording, one in nearly all; headers state the true size of a WAV.
        remarks: What was found other than one sound recording.
    """
    file.seek(0)
    magic = file.read(12)
    size = file.seek(0, io.SEEK_END)
    if magic[:4] == b"RIFF" and magic[8:] == b"WAVE":
        wavs = wav_parts(file)
        parts = [
            FilePart(file, wav.samples if wav.header else wav.start, wav.end, wav.header)
            for wav in wavs
            if len(wavs) > 1 or wav.header
        ]
        remarks = [wav.remark for wav in wavs if wav.remark]
    else:
        has_zeros = magic[:3] == b"ID3" and audio_start(file) > tags_end(file)
        starts = [audio_start(file) if has_zeros else 0, *_further_starts(file, magic, size)]
        parts = [FilePart(file, start, end) for start, end in zip(starts, [*starts[1:], size])]
        remarks = ["zeros behind its tag, passed over"] if has_zeros else []
    if len(parts) > 1:
        remarks.append(f"{len(parts)} recordings joined in one file, read one after the other")
    file.seek(0)
    return (parts if len(parts) > 1 or remarks else [file]), remarks


def _further_starts(file: BinaryIO, magic: bytes, size: int) -> Iterator[int]:
    if magic[:4] == b"OggS":
        yield from _ogg_starts(file, size)
    elif magic[:4] == b"fLaC":
        yield from (place for place, _ in places_of(file, (_FLAC, _FLAC_LAST), start=8))
    elif magic[:3] == b"ID3" or _is_frame(magic[:2]):
        yield from _mp3_starts(file, size)


def _ogg_starts(file: BinaryIO, size: int) -> Iterator[int]:
    """Yield where a chain of streams begins anew: at a first page behind one that is none."""
    position = 0
    was_first = True
    while position + _OGG_HEADER <= size:
        file.seek(position)
        head = file.read(_OGG_HEADER)
        if head[:4] != b"OggS":
            return
        is_first = bool(head[5] & _OGG_FIRST)
        if is_first and not was_first:
            yield position
        was_first = is_first
        position += _OGG_HEADER + head[-1] + sum(file.read(head[-1]))


def _mp3_starts(file: BinaryIO, size: int) -> Iterator[int]:
    """Yield where another MP3 begins: at a frame that states a length, or where the stated length ends."""
    stated_end = 0
    first = audio_start(file)
    for place, _ in places_of(file, (b"Xing", b"Info"), start=first):
        frame = next((place - offset for offset in _TAG_OFFSETS if _is_frame(_bytes(file, place - offset, 2))), -1)
        if frame < first:
            continue
        if frame > first:
            yield _tag_before(file, frame)
        stated_end = _stated_end(file, place, frame)
        first = max(first, frame)
    rest = _bytes(file, stated_end, 3)
    if stated_end and size - stated_end > _LEAST_REST and (_is_frame(rest[:2]) or rest == b"ID3"):
        yield stated_end


def audio_start(file: BinaryIO) -> int:
    """Return the first byte of an MP3's audio, behind its tags and the zeros that follow them."""
    position = tags_end(file)
    while position and (block := _bytes(file, position, 4_096)):
        zeros = len(block) - len(block.lstrip(b"\0"))
        position += zeros
        if zeros < len(block):
            break
    return position


def tags_end(file: BinaryIO) -> int:
    """Return the byte behind the ID3 tags at the start of an MP3."""
    position = 0
    while (head := _bytes(file, position, 10))[:3] == b"ID3" and len(head) == 10:
        first, second, third, fourth = head[6:10]  # four times seven bits
        position += 10 + (first << 21 | second << 14 | third << 7 | fourth)
    return position


def _stated_end(file: BinaryIO, place: int, frame: int) -> int:
    """Return the byte where an MP3 ends by its own statement, 0 where it makes none."""
    flags = int.from_bytes(_bytes(file, place + 4, 4), "big")
    if not flags & 2:
        return 0
    offset = place + 8 + (4 if flags & 1 else 0)
    return frame + int.from_bytes(_bytes(file, offset, 4), "big")


def _tag_before(file: BinaryIO, frame: int) -> int:
    """Return where the ID3 tag in front of a frame begins, else the frame."""
    reach = max(frame - 65_536, 0)
    block = _bytes(file, reach, frame - reach)
    place = block.rfind(b"ID3")
    while place >= 0:
        part = FilePart(file, reach + place, frame + 4)
        if audio_start(part) == frame - reach - place:
            return reach + place
        place = block.rfind(b"ID3", 0, place)
    return frame


def _is_frame(head: bytes) -> bool:
    return len(head) == 2 and head[0] == 0xFF and head[1] >= 0xE0  # eleven bits of one


def _bytes(file: BinaryIO, position: int, count: int) -> bytes:
    file.seek(max(position, 0))
    return file.read(count)
