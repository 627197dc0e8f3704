"""Chunks hold every sample once, in order, whatever blocks they come in."""

import io
import itertools
import sys
import time

import numpy as np
import pytest

from seqapp.datasets.speech import audio_source
from seqapp.datasets.speech.audio_source import chunks_of, in_real_time, raw_chunks, source_chunks
from tests.small_audio import hum16, write_audio


@pytest.mark.parametrize("sizes", [[], [0], [1], [159, 1], [160], [161, 0, 500], [2_000]])
def test_blocks_of_any_size_become_chunks_of_one(sizes):
    samples = np.arange(sum(sizes), dtype=np.int16)
    blocks = np.split(samples, np.cumsum(sizes)[:-1])
    chunks = list(chunks_of(blocks, chunk_ms=10))
    assert all(len(chunk) == 160 for chunk in chunks[:-1]) and all(0 < len(chunk) <= 160 for chunk in chunks)
    np.testing.assert_array_equal(np.concatenate([samples[:0], *chunks]), samples)


def test_a_file_comes_at_the_rate_of_the_models(tmp_path):
    path = write_audio(tmp_path / "a.wav", hum16(0.5), rate_hz=8_000)
    chunks = list(source_chunks(str(path), 40, None))
    assert {len(chunk) for chunk in chunks[:-1]} == {640} and sum(map(len, chunks)) == 16_000
    assert chunks[0].dtype == np.int16


def test_standard_input_is_raw_samples():
    samples = hum16(0.1)
    chunks = list(source_chunks("-", 30, io.BytesIO(samples.astype("<i2").tobytes() + b"\x01")))
    np.testing.assert_array_equal(np.concatenate(chunks), samples)
    assert [len(chunk) for chunk in chunks] == [480, 480, 480, 160]


def test_real_time_is_as_slow_as_speaking():
    start = time.monotonic()
    assert len(list(in_real_time(itertools.repeat(np.zeros(320, np.int16), 5)))) == 5
    assert time.monotonic() - start >= 0.1
    assert list(raw_chunks(io.BytesIO(), 10)) == []


@pytest.mark.parametrize("chunk_ms", [0.0, -1.0, 0.01])
def test_a_chunk_holds_a_sample(chunk_ms):
    with pytest.raises(ValueError, match="A chunk must hold a sample.*Try 160"):
        source_chunks("-", chunk_ms, None)


def test_a_microphone_needs_sounddevice_and_says_what_else_will_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(ValueError, match="pip install sounddevice.*arecord .*--stream -"):
        next(source_chunks(audio_source.MICROPHONE, 160, None))
