"""Endurance test of a stream: memory and time that hours of audio cost."""

import dataclasses
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

PAUSE_S = 1.5  # of silence between utterances: longer than what ends one
WARM_UP_SHARE = 0.1  # of the audio, before memory is looked at first: buffers and caches take their size once
CHUNK_MS = 160.0


@dataclasses.dataclass(frozen=True)
class Endurance:
    """What was measured.

    Attributes:
        minutes: Of audio.
        num_utterances: That ended, and held a text.
        growth_mb: Resident memory at the end, less that after the first tenth; NaN where the system does not tell.
        real_time_factor: Processor seconds a second of audio.
    """

    minutes: float
    num_utterances: int
    growth_mb: float
    real_time_factor: float


def endure(transcriber, endpointing, recordings, minutes: float) -> Endurance:
    """Play recordings again and again, as one stream.

    Args:
        transcriber: `Transcriber` of a model that streams.
        endpointing: `Endpointing`.
        recordings: List of int16 `[N]`, at least one with a sample.
        minutes: Of audio.
    """
    rate_hz = transcriber.sense.config.sample_rate_hz
    stream = transcriber.stream(endpointing)
    size = round(CHUNK_MS * rate_hz / 1000)
    num_chunks = round(minutes * 60_000 / CHUNK_MS)
    num_utterances = 0
    memory_mb = float("nan")
    started = time.process_time()
    for number, chunk in enumerate(itertools.islice(_in_a_loop(recordings, size, rate_hz), num_chunks)):
        if number == round(WARM_UP_SHARE * num_chunks):
            memory_mb = resident_mb()
        num_utterances += sum(reading.is_final for reading in stream.push(chunk))
    grown_mb = resident_mb() - memory_mb
    num_utterances += sum(bool(reading.text) for reading in stream.finish())
    factor = (time.process_time() - started) / max(num_chunks * CHUNK_MS / 1000, 1e-9)
    return Endurance(minutes, num_utterances, grown_mb, factor)


def resident_mb() -> float:
    """Return the memory of this process that is in use now, in MiB; NaN where the system has no /proc."""
    statistics = Path("/proc/self/statm")
    if not statistics.exists():
        return float("nan")
    return int(statistics.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _in_a_loop(recordings, size, rate_hz) -> Iterator[np.ndarray]:
    """Yield the recordings for ever, pauses between them, in chunks of `size` samples."""
    buffer = np.zeros(0, np.int16)
    pause = np.zeros(round(PAUSE_S * rate_hz), np.int16)
    for samples in itertools.cycle(recordings):
        buffer = np.concatenate([buffer, samples, pause])
        whole = len(buffer) // size * size
        yield from buffer[:whole].reshape(-1, size)
        buffer = buffer[whole:]
