"""Lost packets: whole packets of silence, about their share of them, and nothing else."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.speech.kept_out import KEPT_OUT, lose_packets
from seqapp.conditions.speech.table import TABLE
from tests.sounds import RATE_HZ, noise


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_packets_are_lost_whole_and_the_rest_stays(share):
    sound = noise(RATE_HZ * 60)
    heard = lose_packets(sound, share, np.random.default_rng(0), RATE_HZ)
    silent = (heard.reshape(-1, RATE_HZ // 50) == 0).all(axis=1)
    assert silent.mean() == pytest.approx(share, abs=0.03)
    np.testing.assert_array_equal(heard, np.where(np.repeat(silent, RATE_HZ // 50), 0, sound))


@pytest.mark.parametrize("length", [0, 1, 321])
def test_any_length_stays(length):
    (condition,) = find_conditions(["lost_packets=0.3"], KEPT_OUT)
    heard = condition.apply(noise(length), 1, None)
    assert heard.shape == (length,) and heard.dtype == np.float32


def test_it_is_in_no_table_that_training_sees():
    assert not KEPT_OUT.keys() & TABLE.keys()
