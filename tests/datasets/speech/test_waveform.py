"""Any audio file to int16 at 16 kHz, against librosa; whatever is broken is named."""

import tracemalloc

import librosa
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.datasets.speech import waveform
from seqapp.datasets.speech.waveform import read_waveform, to_waveform, waveform_blocks
from tests.small_audio import hum, hum16, write_audio, write_silence

LOSSLESS = {  # format and subtype -> steps of int16 that their own quantisation costs
    ("WAV", "PCM_16"): 1,
    ("WAV", "PCM_24"): 1,
    ("WAV", "PCM_32"): 1,
    ("WAV", "FLOAT"): 1,
    ("WAV", "DOUBLE"): 1,
    ("WAV", "PCM_U8"): 256,
    ("WAVEX", "PCM_24"): 1,
    ("FLAC", "PCM_16"): 1,
    ("FLAC", "PCM_24"): 1,
    ("NIST", "PCM_16"): 1,
    ("AIFF", "PCM_16"): 1,
    ("AU", "PCM_16"): 1,
}


@pytest.mark.parametrize(("format", "subtype"), LOSSLESS)
@pytest.mark.parametrize("as_bytes", [False, True])
def test_lossless_files_come_back(tmp_path, format, subtype, as_bytes):
    wave = hum(0.3)
    path = write_audio(tmp_path / "named.wrongly", wave, format=format, subtype=subtype)
    read = read_waveform(path.read_bytes() if as_bytes else path)
    assert read.dtype == np.int16
    error = np.abs(read.astype(int) - np.rint(wave * 32_768).astype(int))
    assert error.max() <= LOSSLESS[format, subtype]


@pytest.mark.parametrize(("format", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")])
def test_lossy_files_come_back_as_long_and_alike(tmp_path, format, subtype):
    wave = hum(1.0)
    read = read_waveform(write_audio(tmp_path / "a.x", wave, format=format, subtype=subtype))
    assert len(read) == 16_000
    assert np.corrcoef(read / 32_768, wave)[0, 1] > 0.95


@pytest.mark.parametrize("name", ["mulaw.wav", "mulaw.sph"])
def test_telephone_coding_is_read(tmp_path, name):
    wave = hum(0.3, 8_000)
    path = write_audio(tmp_path / name, wave, 8_000, format="NIST" if name.endswith("sph") else "WAV", subtype="ULAW")
    assert len(read_waveform(path)) == 4_800


def test_int16_mono_at_16_khz_is_unchanged(tmp_path):
    samples = np.random.default_rng(0).integers(-32_768, 32_768, 70_000).astype(np.int16)
    np.testing.assert_array_equal(read_waveform(write_audio(tmp_path / "a.wav", samples)), samples)


@pytest.mark.parametrize("rate_hz", [4_000, 8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 7])
def test_rates_and_channels_are_those_of_librosa(tmp_path, rate_hz, channels):
    wave = hum(1.3, rate_hz, channels=channels)
    path = write_audio(tmp_path / "a.wav", wave, rate_hz, subtype="FLOAT")
    theirs, _ = librosa.load(path, sr=16_000, mono=True, res_type="soxr_hq")
    ours = read_waveform(path)
    assert abs(len(ours) - len(theirs)) <= 1
    n = min(len(ours), len(theirs))
    assert np.abs(ours[:n] / 32_768 - theirs[:n]).max() <= 1.01 / 32_768


def test_resampling_decoded_audio_is_reading_it(tmp_path):
    samples = np.rint(hum(0.5, 8_000) * 32_768).astype(np.int16)
    read = read_waveform(write_audio(tmp_path / "a.wav", samples, 8_000))
    np.testing.assert_array_equal(to_waveform(samples.astype(np.int64), 8_000), read)
    np.testing.assert_array_equal(to_waveform(samples.astype(np.int64), 16_000), samples)


@settings(max_examples=20, deadline=None)
@given(block=st.integers(1, 5_000), rate_hz=st.sampled_from([8_000, 16_000, 44_100]))
def test_the_size_of_blocks_changes_nothing(tmp_path_factory, block, rate_hz):
    path = write_audio(tmp_path_factory.mktemp("w") / "a.wav", hum(0.2, rate_hz), rate_hz)
    whole = read_waveform(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waveform, "_BLOCK", block)
        np.testing.assert_array_equal(read_waveform(path), whole)


def test_blocks_are_a_long_file_piece_by_piece(tmp_path):
    path = write_audio(tmp_path / "a.wav", hum16(30.0))
    blocks = list(waveform_blocks(path))
    assert max(map(len, blocks)) <= 65_536 < 30 * 16_000
    np.testing.assert_array_equal(np.concatenate(blocks), read_waveform(path))


def test_a_part_is_cut_out_of_the_whole(tmp_path):
    samples = hum16(2.0)
    for name in ("a.wav", "a.flac"):
        path = write_audio(tmp_path / name, samples)
        np.testing.assert_array_equal(read_waveform(path, start_s=0.5, end_s=1.25), samples[8_000:20_000])
        np.testing.assert_array_equal(read_waveform(path, start_s=1.5), samples[24_000:])
        np.testing.assert_array_equal(read_waveform(path, start_s=1.5, end_s=2.05), samples[24_000:])  # rounded times


@pytest.mark.parametrize(
    "part", [(-1, None), (1, 1), (1, 0.5), (float("nan"), 1), (0, float("nan")), (0, float("inf"))]
)
def test_a_part_without_length_is_refused(tmp_path, part):
    with pytest.raises(ValueError, match="part: a.wav: expected 0 <= start < end"):
        read_waveform(write_audio(tmp_path / "a.wav"), start_s=part[0], end_s=part[1])


@pytest.mark.parametrize("part", [(0, 0.4), (0.4, None), (5, 6)])
def test_a_part_beyond_the_end_is_named(tmp_path, part):
    with pytest.raises(ValueError, match="part beyond the end: a.wav: .* of 0.20. Is it the right file"):
        read_waveform(write_audio(tmp_path / "a.wav"), start_s=part[0], end_s=part[1])


def test_six_hours_are_refused_before_they_are_decoded(tmp_path, monkeypatch):
    path = write_silence(tmp_path / "long.wav", 6 * 3_600)
    monkeypatch.setattr(soundfile.SoundFile, "read", lambda *_, **__: pytest.fail("decoded"))
    with pytest.raises(ValueError, match="too long: long.wav: 21600.0 s, more than the 600 allowed"):
        read_waveform(path, max_seconds=600.0)


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = write_silence(tmp_path / "long.wav", 20 * 60)
    tracemalloc.start()
    num_samples = sum(map(len, waveform_blocks(path)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert num_samples == 20 * 60 * 16_000
    assert peak < 5e6


def test_memory_does_not_grow_with_the_channels(tmp_path):
    path = write_audio(tmp_path / "a.wav", np.zeros((4_000, 512), np.int16))
    tracemalloc.start()
    assert sum(map(len, waveform_blocks(path))) == 4_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2e6, "the file has 4 MB"


def without_length(mp3):
    """An MP3 without its first frame, which holds no sound but states the length."""
    return mp3[next(place for place in range(40, len(mp3)) if mp3[place] == 0xFF and mp3[place + 1] == mp3[1]) :]


def write_mp3(path, seconds, mode):
    return write_audio(path, hum16(seconds), format="MP3", bitrate_mode=mode, compression_level=0.3).read_bytes()


def test_an_mp3_of_unstated_length_is_measured_while_it_is_decoded(tmp_path):
    bare = without_length(write_mp3(tmp_path / "a.mp3", 20.0, "CONSTANT"))
    assert len(read_waveform(bare, max_seconds=30.0)) == pytest.approx(20 * 16_000, rel=0.01)
    with pytest.raises(ValueError, match="too long: audio"):
        read_waveform(bare, max_seconds=10.0)


@pytest.mark.parametrize("seconds", [2.0, 20.0])
def test_an_mp3_whose_end_libsndfile_cannot_find_is_named(tmp_path, seconds):
    bare = without_length(write_mp3(tmp_path / "a.mp3", seconds, "VARIABLE"))
    with pytest.raises(ValueError, match="no length: x.mp3: an MP3 of changing bitrate must state it"):
        read_waveform(bare, name="x.mp3")


def test_floats_beyond_full_scale_are_clipped(tmp_path):
    path = write_audio(tmp_path / "a.wav", np.float32([1.5, -1.5, 1.0, -1.0, 0.5]), subtype="FLOAT")
    np.testing.assert_array_equal(read_waveform(path), [32_767, -32_768, 32_767, -32_768, 16_384])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.nan, "NaN: a.wav: frame 100 is NaN or infinite"),
        (-np.inf, "NaN: a.wav: frame 100 is NaN or infinite"),
        (20_000.0, "scale: a.wav: expected floats within -1 and 1, received 20000. Divide them"),
    ],
)
def test_floats_that_are_no_samples_are_refused(tmp_path, value, message):
    wave = hum(0.2, channels=2)
    wave[100, 1] = value
    with pytest.raises(ValueError, match=message):
        read_waveform(write_audio(tmp_path / "a.wav", wave, subtype="FLOAT"))


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "opus", "mp3", "sph", "raw", "gsm", "vox", "au", "txt"])
def test_a_renamed_text_is_no_audio_whatever_its_name(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_text("Dear Sir or Madam,\n" * 300)
    with pytest.raises(ValueError, match=f"no audio or damaged: a.{suffix}: .*Supported: WAV"):
        read_waveform(path)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=f"empty file: a.{suffix}"):
        read_waveform(path)


def test_nothing_there_a_folder_and_no_samples(tmp_path):
    with pytest.raises(ValueError, match="unreadable: none.wav: No such file"):
        read_waveform(tmp_path / "none.wav")
    with pytest.raises(ValueError, match="unreadable: .*directory"):
        read_waveform(tmp_path)
    with pytest.raises(ValueError, match="no samples: a.wav"):
        read_waveform(write_audio(tmp_path / "a.wav", np.zeros(0, np.int16)))


@pytest.mark.parametrize("rate_hz", [1, 3_999, 192_001, 384_000])
def test_a_rate_that_nobody_records_at_is_refused(tmp_path, rate_hz):
    with pytest.raises(ValueError, match=f"sample rate: a.wav: expected 4000 to 192000 Hz, received {rate_hz}"):
        read_waveform(write_audio(tmp_path / "a.wav", hum16(), rate_hz))


def test_a_flac_file_from_a_pipe_is_named(tmp_path):
    content = bytearray(write_audio(tmp_path / "a.flac").read_bytes())
    content[21] &= 0xF0  # the 36 bits of STREAMINFO that hold the number of samples
    content[22:26] = bytes(4)
    with pytest.raises(ValueError, match="no length: piped"):
        read_waveform(bytes(content), name="piped")


CUT = [
    ("WAV", "PCM_16"), ("WAV", "FLOAT"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"), ("NIST", "PCM_16"),
]  # fmt: skip


@pytest.mark.parametrize(("format", "subtype"), CUT)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_a_truncated_file_is_named(tmp_path, format, subtype, share):
    path = write_audio(tmp_path / "a.x", hum16(4.0), format=format, subtype=subtype)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ValueError, match="(truncated|no audio or damaged|truncated or damaged): a.x"):
        read_waveform(path)


@pytest.mark.parametrize(("format", "subtype"), [*CUT, ("AIFF", "PCM_16"), ("AU", "PCM_16"), ("CAF", "PCM_16")])
def test_damage_is_an_error_or_noise_but_never_a_crash(tmp_path, format, subtype):
    content = write_audio(tmp_path / "a.x", hum16(1.0), format=format, subtype=subtype).read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(40):
        damaged = bytearray(content)
        for place in rng.integers(0, min(len(content), 400), 5):
            damaged[place] = rng.integers(0, 256)
        try:
            samples = read_waveform(bytes(damaged), max_seconds=60.0)
        except ValueError:
            continue
        assert samples.dtype == np.int16 and 0 < len(samples) <= 60 * 16_000 + 1
