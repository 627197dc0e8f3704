import numpy as np
import pytest

from seqapp.conditions.speech.interference import crowd, hum, mix, offset
from tests.sounds import RATE_HZ, decibels, noise, peak_hz, tone


def test_an_offset_is_added():
    np.testing.assert_allclose(offset(noise(10), 0.05), noise(10) + 0.05)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_hum_has_its_level_and_its_pitch_to_the_end_of_an_hour(mains_hz):
    silence = np.zeros(60 * RATE_HZ, np.float32)
    added = hum(silence, -40.0, mains_hz, RATE_HZ).numpy()
    for part in (added[:RATE_HZ], added[-RATE_HZ:]):
        assert decibels(np.mean(part**2)) == pytest.approx(-40.0, abs=0.05)
        assert peak_hz(part) == pytest.approx(mains_hz, abs=1)
        harmonic = np.abs(np.fft.rfft(part))[[round(mains_hz), round(2 * mains_hz)]]
        assert harmonic[1] / harmonic[0] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("num_samples", [700, 1_000, 3_500])
def test_a_sound_is_repeated_or_cut_and_mixed_at_a_ratio(num_samples):
    voice, sound = tone(300.0, num_samples), noise(1_000)
    added = mix(voice, sound, 10.0).numpy() - voice
    assert decibels(np.mean(voice**2) / np.mean(added**2)) == pytest.approx(10.0, abs=0.01)
    np.testing.assert_allclose(added / added[0], np.resize(sound, num_samples) / sound[0], atol=1e-2)


def test_silence_stays_silent():
    np.testing.assert_array_equal(mix(np.zeros(9, np.float32), noise(5), 10.0), np.zeros(9))


def test_a_crowd_is_the_voice_backwards_many_times():
    found = crowd(noise(1_000), [1, 2], num_voices=3).numpy()
    spectrum = np.fft.rfft(found) / np.fft.rfft(noise(1_000)[::-1])
    # Delays alone: the ratio is a sum of three numbers of absolute value 1.
    assert np.abs(spectrum).max() <= 3.001 and np.abs(spectrum[0] - 3.0) < 1e-3
    assert not np.allclose(found, crowd(noise(1_000), [1, 3], num_voices=3))
