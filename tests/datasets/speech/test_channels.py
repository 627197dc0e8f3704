"""One channel of several: the stated one, the average of those that hold the same, else the loudest."""

import numpy as np
import pytest

from seqapp.datasets.speech.waveform import read_waveform
from tests.small_audio import hum, write_audio

LOUD, SOFT = hum(1.0, seed=1), 0.5 * hum(1.0, seed=2)


def read(tmp_path, *channels, **options):
    return read_waveform(write_audio(tmp_path / "a.wav", np.stack(channels, axis=1)), **options)


def alone(tmp_path, wave):
    return read_waveform(write_audio(tmp_path / "alone.wav", wave))


def test_one_of_eight_is_as_loud_as_it_was(tmp_path):
    silence = np.zeros_like(LOUD)
    np.testing.assert_array_equal(read(tmp_path, *[silence] * 5, LOUD, silence, silence), alone(tmp_path, LOUD))


def test_an_inverted_pair_is_not_silence(tmp_path):
    np.testing.assert_array_equal(read(tmp_path, LOUD, -LOUD), alone(tmp_path, LOUD))


def test_of_two_speakers_the_loudest_is_read(tmp_path):
    np.testing.assert_array_equal(read(tmp_path, SOFT, LOUD), alone(tmp_path, LOUD))


def test_two_microphones_before_one_speaker_are_averaged(tmp_path):
    noise = np.random.default_rng(0).normal(0, 0.01, (2, len(LOUD))).astype(np.float32)
    mean = (LOUD + noise[0] + LOUD + noise[1]) / 2
    difference = read(tmp_path, LOUD + noise[0], LOUD + noise[1]).astype(int) - alone(tmp_path, mean)
    assert np.abs(difference).max() <= 1


@pytest.mark.parametrize("channel", [0, 1])
def test_the_stated_channel_counts_also_of_a_part(tmp_path, channel):
    wave = (SOFT, LOUD)[channel]
    part = read(tmp_path, SOFT, LOUD, channel=channel, start_s=0.25, end_s=0.75)
    np.testing.assert_array_equal(part, alone(tmp_path, wave)[4_000:12_000])


@pytest.mark.parametrize("channel", [-1, 2])
def test_a_channel_that_is_not_there_is_named(tmp_path, channel):
    with pytest.raises(ValueError, match=f"channel: a.wav: expected 0 to 1, received {channel}"):
        read(tmp_path, SOFT, LOUD, channel=channel)


def test_mono_has_channel_0_alone(tmp_path):
    path = write_audio(tmp_path / "a.wav", LOUD)
    np.testing.assert_array_equal(read_waveform(path, channel=0), read_waveform(path))
    with pytest.raises(ValueError, match="channel: a.wav: expected 0 to 0, received 1"):
        read_waveform(path, channel=1)
