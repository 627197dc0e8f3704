"""Audio files at the begin of a stream: heads of WAV files are read, other containers are named."""

import struct
from typing import NamedTuple

from seqapp.serving.server.live.message import BadMessage

MAGIC = {
    b"OggS": "Ogg", b"fLaC": "FLAC", b"ID3": "MP3", b"\x1aE\xdf\xa3": "WebM",
    b"caff": "CAF", b"FORM": "AIFF", b"#!AMR": "AMR", b".snd": "AU",
    b"0&\xb2u\x8ef\xcf\x11": "WMA", b"NIST_1A": "SPHERE",
    b"RF64": "RF64", b"riff\x2e\x91\xcf\x11": "W64",
}  # fmt: skip
ENCODINGS = {(1, 16): "pcm16", (3, 32): "float32"}  # by format and bits of a sample
EXTENSIBLE = 0xFFFE


class WavHead(NamedTuple):
    """The head of a WAV file: `num_bytes` before its samples, which are one channel of `encoding`."""

    num_bytes: int
    sample_rate_hz: int
    encoding: str


def container_of(content: bytes) -> str | None:
    """Name the container, other than WAV, that a stream begins with; None for samples."""
    if content[4:8] == b"ftyp":
        return "3GP" if content[8:11] == b"3gp" else "MP4"
    return next((name for magic, name in MAGIC.items() if content.startswith(magic)), None)


def read_wav_head(content: bytes) -> WavHead:
    """Read the head of a WAV file.

    Args:
        content: First message of a stream, which begins with RIFF.

    Raises:
        BadMessage: Its samples are none that a stream takes, or do not begin in this message.
    """
    place = 12
    sample_format = None
    while place + 8 <= len(content):
        name = content[place : place + 4]
        (size,) = struct.unpack_from("<I", content, place + 4)
        place += 8
        if name == b"fmt " and place + 16 <= len(content):
            sample_format = struct.unpack_from("<HHIIHH", content, place)
            if sample_format[0] == EXTENSIBLE and place + 26 <= len(content):
                sample_format = (*struct.unpack_from("<H", content, place + 24), *sample_format[1:])
        if name == b"data":
            break
        place += size + size % 2
    else:
        raise BadMessage("Expected a WAV file whose samples begin in its first message. Received: its head alone.")
    encoding = sample_format and ENCODINGS.get((sample_format[0], sample_format[5]))
    if not encoding or sample_format[1] != 1:
        raise BadMessage(
            "Expected a WAV file of one channel, of 16 bits or of 32-bit floats. "
            f"Received: {sample_format and (sample_format[1], sample_format[5])} channels and bits."
        )
    return WavHead(place, sample_format[2], encoding)
