import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.speech.mel_filters import band_centres, mel_filters
from seqapp.features.speech.vocal_tract import UNCHANGED_HZ, perturb_vocal_tract, warp_frequencies
from seqapp.recipe import LogMelConfig

CONFIG = LogMelConfig()
KINDS = pytest.mark.parametrize("kind", ["librosa", "kaldi"])


@KINDS
def test_centres_are_where_the_filters_are_highest(kind):
    centres = band_centres(kind, 16_000, 40, 20.0, 7_600.0)
    peaks = mel_filters(kind, 16_000, 4_096, 40, 20.0, 7_600.0).argmax(axis=0) * 16_000 / 4_096
    np.testing.assert_allclose(centres, peaks, atol=2 * 16_000 / 4_096)


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.2])
def test_the_axis_is_multiplied_below_its_corner_and_keeps_both_ends(factor):
    hz = np.linspace(0.0, 8_000.0, 801, dtype=np.float32)
    warped = warp_frequencies(tf.constant(hz), factor, 8_000.0).numpy()
    below = hz <= UNCHANGED_HZ * min(factor, 1.0) / factor
    np.testing.assert_allclose(warped[below], factor * hz[below], rtol=1e-6)
    assert warped[0] == 0.0 and warped[-1] == 8_000.0
    assert (np.diff(warped) > 0).all()


@KINDS
def test_a_tone_moves_by_the_factor_and_no_further(kind):
    config = LogMelConfig(kind=kind)
    centres = band_centres(kind, 16_000, 80, 0.0, 0.0)
    features = np.full((1, 80), -10.0, np.float32)
    features[0, 40] = 0.0
    moved = [perturb_vocal_tract(features, [seed, 0], 0.1, config).numpy()[0] for seed in range(30)]
    factors = np.array([centres[m.argmax()] / centres[40] for m in moved])
    spacing = centres[41] / centres[40] - 1
    assert factors.min() > 0.9 - spacing and factors.max() < 1.1 + spacing
    assert factors.min() < 0.95 and factors.max() > 1.05


def test_what_is_flat_stays_flat_and_nothing_happens_at_zero():
    flat = np.full((3, 80), 2.5, np.float32)
    np.testing.assert_allclose(perturb_vocal_tract(flat, [1, 2], 0.2, CONFIG), flat, rtol=1e-6)
    assert perturb_vocal_tract(flat, [1, 2], 0.0, CONFIG) is flat


def test_frames_are_warped_alike_and_a_seed_repeats():
    features = tf.tile(tf.random.stateless_normal([1, 80], [1, 2]), [4, 1])
    warped = perturb_vocal_tract(features, [3, 4], 0.2, CONFIG)
    np.testing.assert_array_equal(warped, perturb_vocal_tract(features, [3, 4], 0.2, CONFIG))
    np.testing.assert_array_equal(warped, tf.tile(warped[:1], [4, 1]))
    assert np.abs(warped - perturb_vocal_tract(features, [3, 5], 0.2, CONFIG)).max() > 0.01


def test_no_frames():
    assert perturb_vocal_tract(tf.zeros([0, 80]), [1, 2], 0.2, CONFIG).shape == (0, 80)
