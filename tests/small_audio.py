"""Made-up recordings in true file formats."""

import os

import numpy as np
import soundfile

RATE_HZ = 16_000


def hum(seconds=0.2, rate_hz=RATE_HZ, seed=0, channels=1):
    """A tone in noise, float32 [n] (or [n, channels]) within -1 and 1."""
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    wave = 0.3 * np.sin(2 * np.pi * rng.uniform(150, 900) * times)[:, None] + rng.normal(
        0, 0.03, (len(times), channels)
    )
    return wave.astype(np.float32)[:, 0] if channels == 1 else wave.astype(np.float32)


def hum16(seconds=0.2, seed=0):
    """The same as int16 [n]."""
    return np.rint(hum(seconds, seed=seed) * 32_768).astype(np.int16)


def write_audio(path, samples=None, rate_hz=RATE_HZ, **format):
    """Writes a file with its folders (`hum16` where no samples are given) and returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, hum16() if samples is None else samples, rate_hz, **format)
    return path


def write_silence(path, seconds, rate_hz=8_000, channels=2):
    """Writes a WAV of any length in no time: the file system invents the zeros."""
    header = bytearray(write_audio(path, np.zeros((0, channels), np.int16), rate_hz).read_bytes())
    place, length = header.index(b"data") + 4, seconds * rate_hz * 2 * channels
    header[place : place + 4] = length.to_bytes(4, "little")
    path.write_bytes(header)
    os.truncate(path, len(header) + length)
    return path


def write_text(path, text):
    """Writes a text file with its folders and returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
