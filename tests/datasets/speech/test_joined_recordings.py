"""Recordings joined into one file are all heard, in any format that libsndfile decodes the first of."""

import numpy as np
import pytest

from seqapp.datasets.speech.waveform import read_waveform
from tests.small_audio import hum, hum16, write_audio

FORMATS = [
    ("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"),
]  # fmt: skip
LIST = b"LIST" + (6).to_bytes(4, "little") + b"INFO__"
TAG = b"ID3\4\0\0\0\0\0\x0a" + bytes(10)


def contents(tmp_path, format, subtype, seconds=(1.0, 2.0, 0.5), rates=(16_000,) * 3):
    return [
        write_audio(
            tmp_path / f"{place}.x", hum(length, rate, place), rate, format=format, subtype=subtype
        ).read_bytes()
        for place, (length, rate) in enumerate(zip(seconds, rates))
    ]


@pytest.mark.parametrize(("format", "subtype"), FORMATS)
def test_all_of_them_are_heard_one_after_the_other_and_told(tmp_path, caplog, format, subtype):
    pieces = contents(tmp_path, format, subtype)
    (tmp_path / "joined.x").write_bytes(b"".join(pieces))
    samples = read_waveform(tmp_path / "joined.x")
    np.testing.assert_array_equal(samples, np.concatenate([read_waveform(piece) for piece in pieces]))
    assert "joined.x: 3 recordings joined in one file" in caplog.text


@pytest.mark.parametrize(("format", "subtype"), FORMATS)
def test_one_recording_is_left_alone(tmp_path, caplog, format, subtype):
    read_waveform(contents(tmp_path, format, subtype)[1])
    assert not caplog.text


def test_each_has_its_own_rate_and_chunks_behind_its_samples(tmp_path):
    pieces = contents(tmp_path, "WAV", "PCM_16", rates=(16_000, 8_000, 44_100))
    assert len(read_waveform(LIST.join([*pieces, b""]))) == 16_000 * 3.5


def write_mp3(path, seconds, is_bare=False):
    """An MP3 of constant bitrate; bare: without the first frame, which holds no sound but states the length."""
    options = {"format": "MP3", "bitrate_mode": "CONSTANT", "compression_level": 0.3}
    mp3 = write_audio(path, hum16(seconds), **options).read_bytes()
    return mp3[next(place for place in range(40, len(mp3)) if mp3[place : place + 2] == mp3[:2]) :] if is_bare else mp3


def test_a_tag_in_front_of_each_and_bare_frames_at_the_end(tmp_path):
    first = write_mp3(tmp_path / "a.mp3", 1.0)
    assert len(read_waveform(TAG + first + TAG + write_mp3(tmp_path / "b.mp3", 2.0))) == 48_000
    bare = write_mp3(tmp_path / "b.mp3", 2.0, is_bare=True)
    assert len(read_waveform(first + bare)) == pytest.approx(48_000, abs=2_500)


@pytest.mark.parametrize("tags", [TAG + TAG, TAG + bytes(1_000), TAG + TAG + bytes(5_000)])
@pytest.mark.parametrize("is_bare", [False, True])
def test_tags_and_zeros_in_front_of_an_mp3_are_passed(tmp_path, tags, is_bare):
    mp3 = write_mp3(tmp_path / "a.mp3", 1.0, is_bare)
    assert len(read_waveform(tags + mp3)) == pytest.approx(16_000, abs=2_500)


def test_a_part_and_a_limit_count_over_all(tmp_path):
    joined = b"".join(contents(tmp_path, "FLAC", "PCM_16"))
    whole = read_waveform(joined)
    np.testing.assert_array_equal(read_waveform(joined, start_s=0.5, end_s=1.5), whole[8_000:24_000])
    np.testing.assert_array_equal(read_waveform(joined, start_s=3.25), whole[52_000:])
    with pytest.raises(ValueError, match="part beyond the end: x: 5 to None s of 3.50"):
        read_waveform(joined, name="x", start_s=5)
    with pytest.raises(ValueError, match="part: x: expected 0 <= start < end"):
        read_waveform(joined, name="x", start_s=2, end_s=1)
    with pytest.raises(ValueError, match="too long: x"):
        read_waveform(joined, name="x", max_seconds=3.0)


def test_a_last_one_that_is_cut_is_named(tmp_path):
    joined = b"".join(contents(tmp_path, "WAV", "PCM_16"))
    with pytest.raises(ValueError, match="truncated: x"):
        read_waveform(joined[:-100], name="x")


def test_sound_that_looks_like_a_header_is_sound(tmp_path):
    samples = hum16(1.0)
    for text in (b"RIFF", b"fLaC\0\0\0\x22", b"Xing", b"OggS\0\2"):
        place = 2_000
        raw = bytearray(samples.tobytes())
        raw[place : place + len(text)] = text
        odd = np.frombuffer(bytes(raw), np.int16)
        np.testing.assert_array_equal(read_waveform(write_audio(tmp_path / "a.wav", odd)), odd)
