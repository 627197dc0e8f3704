import numpy as np
import pytest
import tensorflow as tf

from seqapp.conditions.speech.channel import damage_channel
from tests.sounds import RATE_HZ, noise


@pytest.fixture(scope="module")
def graph():
    signature = [tf.TensorSpec([None]), tf.TensorSpec([2], tf.int32)]
    return tf.function(lambda wave, seed: damage_channel(wave, seed, 1.0, RATE_HZ), input_signature=signature)


def test_without_a_probability_nothing_happens():
    np.testing.assert_array_equal(damage_channel(noise(), [1, 2], 0.0, RATE_HZ), noise())


def test_equal_seeds_give_equal_damage(graph):
    once, again, other = (graph(noise(), tf.constant(seed)).numpy() for seed in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(once, again)
    assert once.shape != other.shape or not np.allclose(once, other)


@pytest.mark.parametrize("length", [0, 1, 2, 500])
@pytest.mark.parametrize("sound", [noise, np.zeros], ids=["noise", "silence"])
def test_the_shortest_waveforms_and_silence_survive(graph, length, sound):
    found = graph(sound(length).astype(np.float32), tf.constant([3, 4])).numpy()
    assert np.isfinite(found).all() and len(found) >= length and np.abs(found).max(initial=0.0) <= 1.0


def test_it_is_recorded_in_sixteen_bits_at_a_level_of_its_own(graph):
    levels = []
    for seed in range(30):
        found = graph(noise(4_000), tf.constant([seed, 0])).numpy()
        np.testing.assert_array_equal(found * 32_768, np.round(found * 32_768))
        levels.append(np.abs(found).max())
    levels_db = 20 * np.log10(levels)
    assert -41 < levels_db.min() < -25 and -15 < levels_db.max() <= 0


def test_a_probability_is_of_each_way():
    signature = [tf.TensorSpec([None]), tf.TensorSpec([2], tf.int32)]
    damage = tf.function(lambda wave, seed: damage_channel(wave, seed, 0.3, RATE_HZ), input_signature=signature)
    lengths = [len(damage(noise(400), tf.constant([seed, 1]))) for seed in range(200)]
    longer = np.mean(np.array(lengths) > 400)  # silence around is the one way that shows
    assert longer == pytest.approx(0.3, abs=0.1)
