import numpy as np

from seqapp.conditions.speech.pauses import insert_pause, pad_silence
from tests.sounds import RATE_HZ, noise


def test_silence_before_and_behind():
    padded = pad_silence(noise(100), 0.01, 0.02, RATE_HZ).numpy()
    np.testing.assert_array_equal(padded, np.concatenate([np.zeros(160), noise(100), np.zeros(320)]))


def test_a_pause_goes_where_it_is_quiet():
    loud = noise(20_000)
    loud[9_000:11_000] *= 0.01
    found = insert_pause(loud, 0.5, RATE_HZ).numpy()
    zeros = np.flatnonzero(found == 0)
    assert len(zeros) == 8_000 and 9_000 < zeros[0] < 11_000
    np.testing.assert_array_equal(found[found != 0], loud)


def test_nothing_gets_a_pause_too():
    assert insert_pause(np.zeros(0, np.float32), 0.5, RATE_HZ).shape == (8_000,)
