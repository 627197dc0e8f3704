"""What lies in real folders beside good recordings: files that must be refused by name, and odd ones that must not."""

import numpy as np

from tests.small_audio import hum, hum16, write_audio, write_silence, write_text

KINDS = {  # name: kind of the reason for which it is left out
    "empty.wav": "empty file",
    "zero_length.wav": "no samples",
    "cut.wav": "truncated",
    "cut.flac": "truncated or damaged",
    "cut.sph": "truncated",
    "nan.wav": "NaN",
    "letter.wav": "no audio or damaged",
    "unknown_coding.wav": "no audio or damaged",
    "wrong_rate.wav": "sample rate",
    "six_hours.wav": "too long",
}
ODD = {  # name: what is odd about it
    "eight_bit.wav": {"subtype": "PCM_U8"},
    "seven_channels.wav": {"channels": 7},
    "studio.wav": {"rate_hz": 192_000, "subtype": "PCM_24"},
}


def write_bad_audio(folder):
    """Writes one file of each of KINDS; none takes a megabyte of the disk."""
    write_text(folder / "empty.wav", "")
    write_audio(folder / "zero_length.wav", np.zeros(0, np.int16))
    for name, format in (("cut.wav", "WAV"), ("cut.flac", "FLAC"), ("cut.sph", "NIST")):
        _cut(write_audio(folder / name, hum16(2.0), format=format))
    write_audio(folder / "nan.wav", np.where(np.arange(3_200) == 99, np.nan, hum()), subtype="FLOAT")
    write_text(folder / "letter.wav", "Dear Sir or Madam,\n" * 300)
    _patch(write_audio(folder / "unknown_coding.wav"), 20, b"\x77\x77")
    _patch(write_audio(folder / "wrong_rate.wav"), 24, b"\x03\0\0\0")
    write_silence(folder / "six_hours.wav", 6 * 3_600)


def write_odd_audio(folder):
    """Writes one file of each of ODD, half a second long."""
    for name, oddity in ODD.items():
        shape = {"rate_hz": oddity.get("rate_hz", 16_000), "channels": oddity.get("channels", 1)}
        write_audio(folder / name, hum(0.5, **shape), shape["rate_hz"], subtype=oddity.get("subtype"))


def _cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _patch(path, place, value):
    """Overwrites bytes of a header: 20 is the coding of a WAV file, 24 its sample rate."""
    content = bytearray(path.read_bytes())
    content[place : place + len(value)] = value
    path.write_bytes(content)
