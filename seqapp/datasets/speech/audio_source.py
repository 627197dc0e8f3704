"""Audio streams in chunks: from a file, from standard input, from a microphone."""

import contextlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from seqapp.datasets.speech.audio import SAMPLE_RATE_HZ
from seqapp.datasets.speech.waveform import waveform_blocks

MICROPHONE = "microphone"
STANDARD_INPUT = "-"


def chunks_of(blocks: Iterable[np.ndarray], chunk_ms: float) -> Iterator[np.ndarray]:
    """Cut blocks of samples of any size into chunks of one size, the last one as long as it is."""
    size = _num_samples(chunk_ms)
    rest = np.zeros(0, np.int16)
    for block in blocks:
        samples = np.concatenate([rest, block])
        whole = len(samples) // size * size
        yield from samples[:whole].reshape(-1, size)
        rest = samples[whole:]
    if len(rest):
        yield rest


def file_chunks(path: str | Path, chunk_ms: float) -> Iterator[np.ndarray]:
    """Read a file of any format and length in int16 chunks at `SAMPLE_RATE_HZ`; errors as `waveform_blocks`."""
    return chunks_of(waveform_blocks(path), chunk_ms)


def raw_chunks(stream: BinaryIO, chunk_ms: float) -> Iterator[np.ndarray]:
    """Read raw samples, int16, little-endian, one channel at `SAMPLE_RATE_HZ`, as `arecord -t raw` writes to a pipe."""
    size = 2 * _num_samples(chunk_ms)
    while chunk := stream.read(size):
        yield np.frombuffer(chunk[: len(chunk) // 2 * 2], "<i2")


def microphone_chunks(chunk_ms: float) -> Iterator[np.ndarray]:
    """Record the default microphone until the program is interrupted.

    Raises:
        ValueError: Where there is no microphone, or nothing to open it with.
    """
    try:
        import sounddevice
    except (ImportError, OSError) as error:  # OSError: its library PortAudio is missing
        raise ValueError(
            "A microphone needs the package sounddevice and the library PortAudio (pip install sounddevice). Received: "
            f"{error}. Or pipe samples in: arecord -q -t raw -f S16_LE -r {SAMPLE_RATE_HZ} | ... --stream -"
        ) from error
    size = _num_samples(chunk_ms)
    try:
        # An interrupt ends the audio, not the program: the last words are still told.
        with (
            sounddevice.InputStream(samplerate=SAMPLE_RATE_HZ, channels=1, dtype="int16") as stream,
            contextlib.suppress(KeyboardInterrupt),
        ):
            while True:
                yield stream.read(size)[0][:, 0]
    except sounddevice.PortAudioError as error:
        raise ValueError(f"No microphone at {SAMPLE_RATE_HZ} Hz: {error}. Is one plugged in, and free?") from error


def in_real_time(chunks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Delay each chunk to the time when it would have been spoken; none where the listener is late."""
    start = time.monotonic()
    num_samples = 0
    for chunk in chunks:
        num_samples += len(chunk)
        time.sleep(max(start + num_samples / SAMPLE_RATE_HZ - time.monotonic(), 0.0))
        yield chunk


def source_chunks(name: str, chunk_ms: float, stdin: BinaryIO) -> Iterator[np.ndarray]:
    """Return the chunks of `MICROPHONE`, `STANDARD_INPUT` or a file.

    Raises:
        ValueError: Also for a chunk that holds no sample.
    """
    if _num_samples(chunk_ms) < 1:
        raise ValueError(f"A chunk must hold a sample, 1/{SAMPLE_RATE_HZ} s. Received: {chunk_ms:g} ms. Try 160.")
    if name == MICROPHONE:
        return microphone_chunks(chunk_ms)
    return raw_chunks(stdin, chunk_ms) if name == STANDARD_INPUT else file_chunks(name, chunk_ms)


def _num_samples(chunk_ms: float) -> int:
    return round(chunk_ms * SAMPLE_RATE_HZ / 1000)
