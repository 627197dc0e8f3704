import numpy as np

from seqapp.conditions.speech.clipping import clip, overdrive
from tests.sounds import tone


def test_what_exceeds_full_scale_is_cut_off():
    clipped = clip(tone(300.0, amplitude=0.2), 20.0).numpy()
    np.testing.assert_allclose(clipped, np.clip(10 * tone(300.0, amplitude=0.2), -1, 1), atol=1e-5)
    assert np.mean(np.abs(clipped) == 1.0) > 0.5


def test_the_excess_counts_from_the_highest_peak_whatever_the_level():
    soft, loud = (overdrive(tone(300.0, amplitude=amplitude), 6.0).numpy() for amplitude in (0.01, 0.7))
    np.testing.assert_allclose(soft, loud, atol=1e-5)
    np.testing.assert_allclose(overdrive(tone(300.0), 0.0), tone(300.0) / np.abs(tone(300.0)).max(), atol=1e-6)


def test_silence_and_nothing_survive():
    np.testing.assert_array_equal(overdrive(np.zeros(5, np.float32), 20.0), np.zeros(5))
    assert len(overdrive(np.zeros(0, np.float32), 20.0)) == 0
