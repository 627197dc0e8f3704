"""WAV files whose sizes are wrong are heard whole and told; those that lack their end are refused."""

import numpy as np
import pytest

from seqapp.datasets.speech.waveform import read_waveform
from tests.small_audio import hum16, write_audio

SAMPLES = hum16(1.0)
BYTES = 2 * len(SAMPLES)


@pytest.fixture
def wav(tmp_path):
    return bytearray(write_audio(tmp_path / "a.wav", SAMPLES).read_bytes())


def with_size(wav, size, riff=None):
    place = wav.index(b"data") + 4
    wav[place : place + 4] = size.to_bytes(4, "little")
    if riff is not None:
        wav[4:8] = riff.to_bytes(4, "little")
    return bytes(wav)


@pytest.mark.parametrize("size", [0, 36, BYTES // 2, BYTES + 44, 2 * BYTES])
def test_a_wrong_size_is_told_and_all_is_heard(wav, caplog, size):
    np.testing.assert_array_equal(read_waveform(with_size(wav, size), name="x"), SAMPLES)
    assert "x: a wrong size in its header, read whole" in caplog.text


@pytest.mark.parametrize("riff", [0, 36, 0xFFFFFFFF])
def test_a_header_that_was_never_completed_says_nothing(wav, riff):
    np.testing.assert_array_equal(read_waveform(with_size(wav, 0, riff)), SAMPLES)
    np.testing.assert_array_equal(read_waveform(with_size(wav, 0xFFFFFFFF, riff)), SAMPLES)


def test_where_both_sizes_agree_the_end_is_missing(wav):
    with pytest.raises(ValueError, match="truncated: x"):
        read_waveform(with_size(wav, 2 * BYTES, 2 * BYTES + 36), name="x")


@pytest.mark.parametrize("chunk", [b"LIST\5\0\0\0hello", b"LIST\7\0\0\0INFOabc"])
@pytest.mark.parametrize("is_padded", [False, True])
def test_a_chunk_of_odd_length_with_and_without_padding(wav, caplog, chunk, is_padded):
    place = wav.index(b"data")
    odd = bytes(wav[:place]) + chunk + b"\0" * is_padded + bytes(wav[place:])
    odd = odd[:4] + (len(odd) - 8).to_bytes(4, "little") + odd[8:]
    np.testing.assert_array_equal(read_waveform(odd, name="x"), SAMPLES)
    assert ("x: a chunk without its padding, read whole" in caplog.text) == (not is_padded)


@pytest.mark.parametrize("tail", [b"LIST\4\0\0\0INFO", b"id3 \4\0\0\0abcd", bytes(4_096), b"TAG" + b"x" * 125, b"\0"])
def test_what_follows_the_samples_is_not_heard(wav, caplog, tail):
    np.testing.assert_array_equal(read_waveform(bytes(wav) + tail), SAMPLES)
    assert not caplog.text
