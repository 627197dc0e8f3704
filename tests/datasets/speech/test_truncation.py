import io

import pytest

from seqapp.datasets.speech.truncation import lacks_end, states_length
from tests.small_audio import hum16, write_audio


@pytest.fixture
def content(tmp_path):
    def of(format, subtype=None, **options):
        return write_audio(tmp_path / "a.x", hum16(1.0), format=format, subtype=subtype, **options).read_bytes()

    return of


@pytest.mark.parametrize(
    ("format", "subtype"), [("WAV", "PCM_16"), ("WAVEX", "PCM_24"), ("NIST", "PCM_16"), ("OGG", "OPUS")]
)
def test_a_whole_file_lacks_nothing_and_a_byte_less_is_seen(content, format, subtype):
    whole = content(format, subtype)
    assert not lacks_end(io.BytesIO(whole))
    cut = whole[:-2] if format != "OGG" else whole[: whole.rindex(b"OggS")]
    assert lacks_end(io.BytesIO(cut))


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF])
def test_sizes_that_pipes_write_say_nothing(content, size):
    wav = bytearray(content("WAV"))
    place = wav.index(b"data") + 4
    wav[place : place + 4] = size.to_bytes(4, "little")
    assert not lacks_end(io.BytesIO(bytes(wav)))


def test_chunks_before_and_behind_the_samples_are_passed(content):
    wav = content("WAV")
    extra = b"LIST" + (5).to_bytes(4, "little") + b"hello\0"
    place = wav.index(b"data")
    assert not lacks_end(io.BytesIO(wav[:place] + extra + wav[place:] + extra))
    assert lacks_end(io.BytesIO(wav[:place] + extra + wav[place:-4]))


@pytest.mark.parametrize(
    "text", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"NIST_1A\n", b"OggS", b"NIST_1A\n   1024\nsample_count -i x"]
)
def test_a_header_without_content_is_no_error(text):
    assert lacks_end(io.BytesIO(text)) in (True, False)


def test_a_shortened_sphere_file_is_not_measured():
    header = b"NIST_1A\n   1024\nsample_count -i 9999\nsample_n_bytes -i 2\nchannel_count -i 1\n"
    coded = header + b"sample_coding -s26 pcm,embedded-shorten-v2.00\nend_head\n"
    assert not lacks_end(io.BytesIO(coded.ljust(1500)))
    assert lacks_end(io.BytesIO(header.ljust(1500)))


def test_only_an_mp3_can_leave_its_length_unstated(content):
    mp3 = content("MP3")
    bare = mp3[next(place for place in range(40, len(mp3)) if mp3[place : place + 1] == b"\xff") :]
    tag = b"ID3\4\0\0" + bytes([0, 0, 2, 1])  # 257 bytes follow
    assert states_length(io.BytesIO(mp3))
    assert not states_length(io.BytesIO(bare))
    assert states_length(io.BytesIO(tag + bytes(257) + mp3))
    assert not states_length(io.BytesIO(tag + bytes(257) + bare))
    assert states_length(io.BytesIO(content("WAV")))


def test_files_are_left_at_their_start(content):
    file = io.BytesIO(content("NIST"))
    lacks_end(file)
    assert file.tell() == 0
    states_length(file)
    assert file.tell() == 0


@pytest.mark.parametrize(("format", "subtype"), [("AU", "PCM_16"), ("AIFF", "PCM_16"), ("AIFF", "FLOAT")])
def test_aiff_and_au_that_lack_their_end_are_seen(content, format, subtype):
    whole = content(format, subtype)
    assert not lacks_end(io.BytesIO(whole))
    assert lacks_end(io.BytesIO(whole[: len(whole) // 2]))


def test_an_au_from_a_pipe_states_no_size(content):
    au = bytearray(content("AU", "PCM_16"))
    au[8:12] = b"\xff" * 4
    assert not lacks_end(io.BytesIO(bytes(au[:5_000])))
