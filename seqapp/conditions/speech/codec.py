"""Lossy codecs: a waveform written and read again as MP3, Opus or Vorbis (libsndfile)."""

import io

import numpy as np
import soundfile

# kbit/s that libsndfile 1.2 was seen to write at 16 kHz, one channel, for its "compression level".
MP3_LEVELS = {64.0: 0.61, 32.0: 0.85, 24.0: 0.9, 16.0: 0.95, 8.0: 0.97}
OPUS_LEVELS = {30.0: 0.9, 17.0: 0.95, 12.0: 0.975, 8.0: 0.99, 6.0: 1.0}


def mp3(waveform: np.ndarray, kbit_s: float, sample_rate_hz: int) -> np.ndarray:
    """Write and read as MP3 at a bit rate of `MP3_LEVELS`: float32 `[N]`.

    Raises:
        ValueError: Another bit rate.
    """
    level = _level(MP3_LEVELS, kbit_s)
    options = {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "CONSTANT", "compression_level": level}
    return _written_and_read(waveform, sample_rate_hz, **options)


def opus(waveform: np.ndarray, kbit_s: float, sample_rate_hz: int) -> np.ndarray:
    """Write and read as Ogg Opus at a bit rate of `OPUS_LEVELS`: float32 `[N]`.

    Raises:
        ValueError: Another bit rate.
    """
    level = _level(OPUS_LEVELS, kbit_s)
    return _written_and_read(waveform, sample_rate_hz, format="OGG", subtype="OPUS", compression_level=level)


def vorbis(waveform: np.ndarray, quality: float, sample_rate_hz: int) -> np.ndarray:
    """Write and read as Ogg Vorbis with a quality in [0, 1]: float32 `[N]`."""
    return _written_and_read(waveform, sample_rate_hz, format="OGG", subtype="VORBIS", compression_level=1.0 - quality)


def _level(levels, kbit_s):
    if kbit_s not in levels:
        raise ValueError(f"Expected one of {', '.join(f'{k:g}' for k in levels)} kbit/s. Received: {kbit_s:g}.")
    return levels[kbit_s]


def _written_and_read(waveform, sample_rate_hz, **options):
    file = io.BytesIO()
    soundfile.write(file, np.clip(waveform, -1.0, 1.0), sample_rate_hz, **options)
    file.seek(0)
    samples, _ = soundfile.read(file, dtype="float32")
    return samples[: len(waveform)]  # without what fills up the last block
