"""Truncated audio files, told by their headers: libsndfile shortens the audio to what is there and says nothing.

A transcript that goes on after its audio has ended teaches a model to invent words.
"""

import io
import re
from typing import BinaryIO

from seqapp.datasets.speech.joined_recordings import audio_start
from seqapp.datasets.speech.wav_chunks import UNKNOWN_SIZE

_OGG_PAGE = 65_307  # bytes, the longest
_OGG_HEADER = 27  # bytes, of which the last is the number of segments; their lengths follow
_OGG_LAST = 4  # flag of a stream's last page
_MP3_FRAME = 200  # bytes of the first frame within which its length stands, if at all
_NIST_HEADER = 1024  # bytes, enough of it


def lacks_end(file: BinaryIO) -> bool:
    """Return whether the header of a WAV, AIFF, AU, NIST SPHERE or Ogg file promises more than the file holds.

    Args:
        file: Open in binary mode; is left at its start. Other formats are never said to lack anything.
    """
    file.seek(0)
    magic = file.read(12)
    size = file.seek(0, io.SEEK_END)
    if magic[:4] == b"RIFF" and magic[8:] == b"WAVE":
        short = _wav_end(file, size) > size + 1  # some count the byte that pads
    elif magic[:4] == b"FORM" and magic[8:11] == b"AIF":
        short = _aiff_end(file, size) > size + 1
    elif magic[:4] == b".snd":
        short = _au_end(magic) > size
    elif magic[:7] == b"NIST_1A":
        short = _nist_end(file) > size
    elif magic[:4] == b"OggS":
        short = _ogg_is_cut(file, size)
    else:
        short = False
    file.seek(0)
    return short


def states_length(file: BinaryIO) -> bool:
    """Return whether an MP3 holds its exact length; of one that does not libsndfile's is a guess, often far off.

    Args:
        file: Open in binary mode; is left at its start. Other formats state their length: True.
    """
    file.seek(audio_start(file))
    head = file.read(2)
    is_mp3 = head[:1] == b"\xff" and head[1:2] >= b"\xe0"  # eleven bits of one
    frame = file.read(_MP3_FRAME)
    file.seek(0)
    return not is_mp3 or any(tag in frame for tag in (b"Xing", b"Info", b"VBRI"))


def _wav_end(file: BinaryIO, size: int) -> int:
    """Return the byte where the samples end by the header; 0 where it does not say."""
    position = 12
    while position + 8 <= size:
        file.seek(position)
        chunk, length = file.read(4), int.from_bytes(file.read(4), "little")
        if chunk == b"data":
            return position + 8 + length if length < UNKNOWN_SIZE else 0
        position += 8 + length + length % 2  # chunks are padded to even sizes
    return 0


def _aiff_end(file: BinaryIO, size: int) -> int:
    """Return the byte where the samples end by the header; 0 where it does not say."""
    position = 12
    while position + 8 <= size:
        file.seek(position)
        chunk, length = file.read(4), int.from_bytes(file.read(4), "big")
        if chunk == b"SSND":
            return position + 8 + length if length < UNKNOWN_SIZE else 0
        position += 8 + length + length % 2
    return 0


def _au_end(magic: bytes) -> int:
    """Return the byte where the samples end by the header; 0 where it does not say."""
    start, length = int.from_bytes(magic[4:8], "big"), int.from_bytes(magic[8:12], "big")
    return start + length if length < UNKNOWN_SIZE else 0


def _nist_end(file: BinaryIO) -> int:
    """Return the byte where the samples end by the header; 0 where it does not say, or where they are compressed."""
    file.seek(0)
    header = file.read(_NIST_HEADER).decode("latin-1")
    fields = {name: int(value) for name, value in re.findall(r"^(\w+) -i (\d+)", header, re.MULTILINE)}
    coding = re.search(r"^sample_coding -s\d+ (\S+)", header, re.MULTILINE)
    start = re.match(r"NIST_1A\n\s*(\d+)", header)
    if not start or (coding and "," in coding.group(1)):  # "pcm,embedded-shorten-v2.00"
        return 0
    frame = fields.get("sample_n_bytes", 0) * fields.get("channel_count", 1)
    return int(start.group(1)) + fields.get("sample_count", 0) * frame


def _ogg_is_cut(file: BinaryIO, size: int) -> bool:
    file.seek(max(0, size - _OGG_PAGE))
    tail = file.read()
    page = tail[tail.rfind(b"OggS\0") :]
    num_segments = page[_OGG_HEADER - 1] if len(page) >= _OGG_HEADER else 0
    length = _OGG_HEADER + num_segments + sum(page[_OGG_HEADER : _OGG_HEADER + num_segments])
    return len(page) < length or not page[5] & _OGG_LAST
