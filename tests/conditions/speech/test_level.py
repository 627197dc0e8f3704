import numpy as np
import pytest

from seqapp.conditions.speech.level import change_level, drift_level, quantize
from tests.sounds import RATE_HZ, decibels, noise, tone


@pytest.mark.parametrize("gain_db", [-34.0, 0.0, 6.0])
def test_a_gain_in_decibels(gain_db):
    ratio = np.mean(change_level(tone(300.0), gain_db).numpy() ** 2) / np.mean(tone(300.0) ** 2)
    assert decibels(ratio) == pytest.approx(gain_db, abs=1e-4)


def test_a_drift_stays_within_its_depth_and_has_no_jumps():
    drifted = drift_level(np.ones(5 * RATE_HZ, np.float32), [1, 2], 12.0, RATE_HZ).numpy()
    gains_db = 2 * decibels(drifted)
    assert np.abs(gains_db).max() <= 12.0 and np.ptp(gains_db) > 3.0
    assert np.abs(np.diff(gains_db)).max() < 24.0 / RATE_HZ + 1e-3
    assert len(drift_level(np.ones(0, np.float32), [1, 2], 12.0, RATE_HZ)) == 0


@pytest.mark.parametrize("bits", [8, 16])
def test_steps_of_a_linear_format(bits):
    rounded = quantize(3.0 * noise(1_000), bits).numpy() * 2 ** (bits - 1)
    np.testing.assert_array_equal(rounded, np.round(rounded))
    assert rounded.min() >= -(2 ** (bits - 1)) and rounded.max() <= 2 ** (bits - 1) - 1
    assert np.abs(rounded / 2 ** (bits - 1) - np.clip(3.0 * noise(1_000), -1, 1)).max() <= 2.0 ** (1 - bits)
