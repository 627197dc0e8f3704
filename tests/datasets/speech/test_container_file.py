"""What phones and browsers record comes back as it was, and what is wrong with a container is told by its name."""

import io
import struct
import sys
import tracemalloc

import numpy as np
import pytest

from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio_files import read_audio
from seqapp.datasets.speech.container_file import container_of
from seqapp.datasets.speech.waveform import read_waveform, waveform_blocks
from tests.small_containers import KINDS, encode, encode_pictures
from tests.small_speech import RATE_HZ, say

SPOKEN = say("ab cad dab bc acb d", 1)
LAG = 4_000  # samples that codecs may put in front or behind


def likeness(samples, spoken):
    """The correlation of two waveforms where one is shifted best against the other."""
    size = 2 ** int(np.ceil(np.log2(len(samples) + len(spoken))))
    products = np.fft.irfft(np.fft.rfft(samples, size) * np.conj(np.fft.rfft(spoken, size)), size)
    return products.max() / np.linalg.norm(samples.astype(float)) / np.linalg.norm(spoken.astype(float))


@pytest.mark.parametrize("kind", KINDS)
def test_containers_are_told_by_content_and_come_back_to_their_codecs_loss(kind, tmp_path):
    (tmp_path / "named.wrongly").write_bytes(encode(SPOKEN, kind))
    samples = read_waveform(tmp_path / "named.wrongly")
    assert samples.dtype == np.int16 and abs(len(samples) - len(SPOKEN)) < LAG
    assert likeness(samples, SPOKEN) > 0.96


def test_a_folder_of_them_is_read(tmp_path):
    for kind in KINDS:
        (tmp_path / kind).write_bytes(encode(SPOKEN, kind))
    skipped = Skipped()
    assert sorted(audio.id for audio in read_audio(tmp_path, skipped)) == sorted(
        kind[:-4].rstrip(".") for kind in KINDS
    )
    assert not skipped.items


def test_parts_are_read_as_of_any_file():
    content = encode(SPOKEN, "lossless.caf")
    part = read_waveform(content, start_s=0.5, end_s=1.0)
    np.testing.assert_array_equal(part, SPOKEN[8_000:16_000])


def test_what_is_too_long_is_refused_by_its_header_or_when_it_turns_out():
    with pytest.raises(ValueError, match="too long: audio"):
        read_waveform(encode(SPOKEN, "clip.mp4"), max_seconds=1.0)
    with pytest.raises(ValueError, match="too long: audio"):
        read_waveform(encode(SPOKEN, "note.amr"), max_seconds=1.0)  # whose header states no length
    claimed = bytearray(encode(SPOKEN, "browser.webm"))
    place = claimed.index(b"\x44\x89\x88") + 3  # the duration in milliseconds
    claimed[place : place + 8] = struct.pack(">d", 100 * 3.6e6)
    with pytest.raises(ValueError, match="too long: audio: 360000.0 s"):
        read_waveform(bytes(claimed), max_seconds=60.0)
    with pytest.raises(ValueError, match="of the 360000.0 that its header promises"):
        read_waveform(bytes(claimed))


def test_what_is_cut_or_damaged_is_refused_by_its_name():
    for kind in KINDS:
        content = encode(SPOKEN, kind)
        if kind == "apple.caf":  # its samples go on to the end of the file, wherever that is
            continue
        with pytest.raises(ValueError, match="no audio or damaged|truncated"):
            read_waveform(content[: len(content) // 4])
    with pytest.raises(ValueError, match="MP4, no audio in it"):
        read_waveform(encode_pictures(), "film.mp4")


@pytest.mark.parametrize("kind", KINDS)
def test_no_damage_is_worse_than_a_refusal(kind):
    content = encode(SPOKEN[:RATE_HZ], kind)
    rng = np.random.default_rng(0)
    for _ in range(20):
        damaged = bytearray(content)
        for place in rng.integers(12, len(damaged), 12):
            damaged[place] = rng.integers(256)
        try:
            samples = read_waveform(bytes(damaged), max_seconds=60.0)
        except ValueError:
            continue
        assert samples.dtype == np.int16 and len(samples) <= 60 * RATE_HZ


def test_lists_of_addresses_are_never_followed(tmp_path):
    (tmp_path / "secret.wav").write_bytes(b"secret")
    playlist = f"#EXTM3U\n#EXTINF:1,\nfile://{tmp_path}/secret.wav\n".encode()
    assert container_of(io.BytesIO(playlist)) is None
    with pytest.raises(ValueError, match="no audio or damaged"):
        read_waveform(playlist)


def test_minutes_take_no_more_memory_than_seconds():
    content = encode(np.tile(SPOKEN, 60), "browser.webm")
    tracemalloc.start()
    num_samples = sum(len(block) for block in waveform_blocks(content))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert num_samples > 60 * len(SPOKEN) - LAG and peak < 8e6


def test_without_the_decoder_the_extra_is_named(monkeypatch, tmp_path):
    content = encode(SPOKEN, "phone.m4a")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ValueError, match=r"PyAV is missing: phone.m4a is MP4, .* 'seqapp\[containers\]'"):
        read_waveform(content, "phone.m4a")
