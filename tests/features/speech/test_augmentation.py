import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.speech.augmentation import augment_audio
from seqapp.recipe import SpeechAugmentationConfig
from tests.sounds import RATE_HZ, decibels, noise, peak_hz, tone

OFF = SpeechAugmentationConfig(speed=0.0)
ALL = SpeechAugmentationConfig(
    speed=0.1, gain_db=6.0, noise_probability=1.0, noise_snr_db=(10.0, 20.0), reverberation_probability=1.0
)
SEED = [11, 12]


def only(**values):
    return dataclasses.replace(OFF, **values)


def without(**values):
    return dataclasses.replace(ALL, **values)


def trace(config):
    signature = [tf.TensorSpec([None]), tf.TensorSpec([2], tf.int32)]
    return tf.function(lambda waveform, seed: augment_audio(waveform, seed, config), input_signature=signature)


def test_zeros_are_the_identity_exactly():
    np.testing.assert_array_equal(augment_audio(noise(), SEED, OFF), noise())


def test_the_masks_of_the_same_config_are_not_its_affair():
    config = only(time_masks=9, freq_masks=9, time_warp=9)
    np.testing.assert_array_equal(augment_audio(noise(), SEED, config), noise())


def test_equal_seeds_give_equal_waveforms_and_others_other_ones():
    graph = trace(ALL)
    once, again, other = (graph(noise(), tf.constant(seed)).numpy() for seed in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(once, again)
    assert once.shape != other.shape or not np.allclose(once, other)


def test_eager_equals_graph_of_unknown_length():
    in_graph = trace(ALL)(noise(5_000), tf.constant(SEED))
    np.testing.assert_allclose(in_graph, augment_audio(noise(5_000), SEED, ALL), atol=1e-5)


@pytest.mark.parametrize("length", [0, 1, 2, 500])
@pytest.mark.parametrize("sound", [noise, np.zeros], ids=["noise", "silence"])
def test_the_shortest_waveforms_and_silence_survive(length, sound):
    found = augment_audio(sound(length).astype(np.float32), SEED, ALL).numpy()
    assert np.isfinite(found).all() and len(found) == pytest.approx(length, rel=0.15, abs=1)


def test_speeds_are_drawn_evenly_within_their_bounds():
    graph, waveform = trace(only(speed=0.2)), tone(1000.0)
    found = [graph(waveform, tf.constant([seed, 0])).numpy() for seed in range(100)]
    factors = np.array([RATE_HZ / len(row) for row in found])
    assert factors.min() >= 0.797 and factors.max() <= 1.203
    np.testing.assert_allclose(np.quantile(factors, [0.25, 0.5, 0.75]), [0.9, 1.0, 1.1], atol=0.05)
    for row, factor in zip(found[:10], factors):
        assert peak_hz(row) == pytest.approx(1000 * factor, abs=2)


def test_gains_are_drawn_evenly_in_decibels():
    graph, waveform = trace(only(gain_db=12.0)), noise(100)
    found = np.stack([graph(waveform, tf.constant([seed, 0])).numpy() for seed in range(200)])
    np.testing.assert_allclose(found / found[:, :1], np.tile(waveform / waveform[0], [200, 1]), rtol=1e-4)
    gains = decibels(np.mean(found**2, axis=1) / np.mean(waveform**2))
    assert np.abs(gains).max() <= 12.001
    np.testing.assert_allclose(np.quantile(gains, [0.25, 0.5, 0.75]), [-6, 0, 6], atol=2.5)


@pytest.mark.parametrize("name", ["noise_probability", "reverberation_probability"])
def test_that_share_of_the_examples_is_distorted(name):
    graph, waveform = trace(only(**{name: 0.3})), noise(200)
    changed = [not np.array_equal(graph(waveform, tf.constant([seed, 3])), waveform) for seed in range(300)]
    assert np.mean(changed) == pytest.approx(0.3, abs=0.09)


def test_switching_one_off_leaves_the_others_as_they_were():
    waveform = noise(4_000)
    both = augment_audio(waveform, SEED, without(gain_db=0.0)).numpy()
    louder = augment_audio(waveform, SEED, ALL).numpy()
    np.testing.assert_allclose(louder / both, louder[0] / both[0], rtol=1e-4)
    alone = augment_audio(waveform, SEED, only(gain_db=6.0)).numpy()
    assert louder[0] / both[0] == pytest.approx(alone[0] / waveform[0], rel=1e-4)
    still = augment_audio(waveform, SEED, without(speed=0.0)).numpy()
    steps = [
        only(reverberation_probability=1.0),
        only(noise_probability=1.0, noise_snr_db=(10.0, 20.0)),
        only(gain_db=6.0),
    ]
    for config in steps:
        waveform = augment_audio(waveform, SEED, config)
    np.testing.assert_allclose(still, waveform, atol=1e-5)


def test_maps_over_a_dataset_of_unknown_lengths():
    lengths = [1_000, 0, 2_000]
    waveforms = tf.data.Dataset.from_generator(lambda: map(noise, lengths), output_signature=tf.TensorSpec([None]))
    dataset = waveforms.map(lambda waveform: augment_audio(waveform, SEED, ALL))
    assert dataset.element_spec.shape.as_list() == [None]
    for length, found in zip(lengths, dataset, strict=True):
        np.testing.assert_allclose(found, augment_audio(noise(length), SEED, ALL), atol=1e-5)
