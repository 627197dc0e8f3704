import numpy as np
import pytest

from seqapp.conditions.speech.codec import MP3_LEVELS, OPUS_LEVELS, mp3, opus, vorbis
from tests.sounds import RATE_HZ, chirp


@pytest.mark.parametrize(("codec", "strength"), [(mp3, 24.0), (opus, 12.0), (vorbis, 0.1)])
def test_a_codec_keeps_the_sound_and_loses_its_samples(codec, strength):
    sound = chirp(20_000, last_hz=2_000.0)
    found = codec(sound, strength, RATE_HZ)
    assert len(found) <= len(sound) and np.mean((found - sound[: len(found)]) ** 2) > 0
    spectra = [np.abs(np.fft.rfft(each, 2**15)) for each in (sound, found)]
    assert np.corrcoef(*spectra)[0, 1] > 0.9


@pytest.mark.parametrize(("codec", "levels"), [(mp3, MP3_LEVELS), (opus, OPUS_LEVELS)])
def test_rates_that_nobody_measured_are_refused(codec, levels):
    with pytest.raises(ValueError, match=f"Expected one of .*{min(levels):g} kbit/s. Received: 23."):
        codec(chirp(1_000), 23.0, RATE_HZ)
