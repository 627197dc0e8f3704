import dataclasses

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.features.random_draws import spans
from seqapp.features.speech.spec_augment import spec_augment, warp_time
from seqapp.recipe import SpeechAugmentationConfig

OFF = SpeechAugmentationConfig(speed=0.0, time_masks=0, freq_masks=0)
MASKS = SpeechAugmentationConfig(
    time_masks=2, time_mask_frames=25, time_mask_share=0.2, freq_masks=2, freq_mask_bins=15
)
SEED = [21, 22]


def only(**values):
    return dataclasses.replace(OFF, **values)


def features(num_frames=200, num_bins=80):
    return np.random.default_rng(0).normal(size=[num_frames, num_bins]).astype(np.float32)


def runs(mask):
    """Lengths of the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return edges[1::2] - edges[::2]


def over_seeds(count, function, dtype):
    """NumPy results of a function of [0, 0], [1, 0] ..., computed in one graph."""
    seeds = tf.stack([tf.range(count), tf.zeros(count, tf.int32)], axis=1)
    return tf.function(lambda: tf.map_fn(function, seeds, fn_output_signature=dtype))().numpy()


@pytest.fixture(scope="module")
def masked():
    """bool [T, F] of `MASKS` by seed and number of frames."""
    signature = [tf.TensorSpec([None, 80]), tf.TensorSpec([2], tf.int32)]
    graph = tf.function(lambda x, seed: spec_augment(x, seed, MASKS, fill=0.0), input_signature=signature)
    return lambda seed, num_frames: graph(np.ones([num_frames, 80]), tf.constant(seed)).numpy() == 0


def test_zeros_are_the_identity_exactly():
    np.testing.assert_array_equal(spec_augment(features(), SEED, OFF, fill=0.0), features())


def test_equal_seeds_give_equal_features_and_others_other_ones():
    config = dataclasses.replace(MASKS, time_warp=10)
    once, again, other = (spec_augment(features(), seed, config, fill=0.0) for seed in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, other)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 300), st.integers(0, 2**31 - 1))
def test_masks_are_whole_rows_and_columns_within_their_bounds(masked, num_frames, seed):
    mask = masked([seed, 5], num_frames)
    assert mask.shape == (num_frames, 80)
    if not num_frames:
        return
    bins, frames = mask.all(axis=0), mask.all(axis=1)
    np.testing.assert_array_equal(mask, frames[:, np.newaxis] | bins)
    assert frames.sum() <= 2 * min(25, int(0.2 * num_frames)) and len(runs(frames)) <= 2
    assert bins.sum() <= 2 * 15 and len(runs(bins)) <= 2


def test_lengths_are_even_and_every_place_is_masked_alike():
    masks = over_seeds(2_000, lambda seed: spans(tf.constant(50), seed, 1, tf.constant(9)), tf.bool)
    lengths = masks.sum(axis=1)
    np.testing.assert_allclose(np.bincount(lengths, minlength=10) / 2_000, 0.1, atol=0.03)
    middle = masks[:, 9:41].mean(axis=0)
    np.testing.assert_allclose(middle, middle.mean(), atol=0.03)
    assert masks[:, [0, -1]].any(axis=0).all()


def test_a_span_may_cover_all():
    masks = [spans(tf.constant(3), [seed, 0], 1, tf.constant(3)).numpy() for seed in range(40)]
    assert any(mask.all() for mask in masks) and any(not mask.any() for mask in masks)


def test_masked_values_become_the_fill_and_others_stay(masked):
    mean, mask = np.arange(80, dtype=np.float32), masked(SEED, 200)
    found = spec_augment(features(), SEED, MASKS, fill=mean).numpy()
    assert mask.any() and not mask.all()
    np.testing.assert_array_equal(found[mask], np.broadcast_to(mean, [200, 80])[mask])
    np.testing.assert_array_equal(found[~mask], features()[~mask])


def test_no_value_depends_on_another_one(masked):
    """A statistic of the utterance in its masks would tell a network what was masked."""
    other = features() + np.linspace(-50, 50, 200, dtype=np.float32)[:, np.newaxis]
    found, elsewhere = (spec_augment(values, SEED, MASKS, fill=-3.0).numpy() for values in (features(), other))
    np.testing.assert_array_equal(found == elsewhere, masked(SEED, 200) | (features() == other))


def test_switching_one_off_leaves_the_others_as_they_were(masked):
    mask = masked(SEED, 200)
    ones = np.ones([200, 80], np.float32)
    in_time = spec_augment(ones, SEED, dataclasses.replace(MASKS, freq_masks=0), fill=0.0).numpy() == 0
    in_freq = spec_augment(ones, SEED, dataclasses.replace(MASKS, time_masks=0), fill=0.0).numpy() == 0
    np.testing.assert_array_equal(mask, in_time | in_freq)
    warped = spec_augment(ones, SEED, dataclasses.replace(MASKS, time_warp=20), fill=0.0).numpy()
    np.testing.assert_array_equal(warped == 0, mask)


def test_masks_do_not_move_with_the_waveforms_draws():
    # Both are given the same seed: what the waveform draws first must not be the first mask again.
    speeds = over_seeds(100, lambda seed: tf.random.stateless_uniform([], tf.random.split(seed, 4)[0]), tf.float32)
    config = only(time_masks=1, time_mask_frames=100, time_mask_share=1.0)
    ones = tf.ones([100, 1])
    lengths = np.sum(over_seeds(100, lambda seed: spec_augment(ones, seed, config, fill=0.0), tf.float32) == 0, (1, 2))
    assert abs(np.corrcoef(speeds, lengths)[0, 1]) < 0.3


@pytest.mark.parametrize("seed", range(8))
def test_time_is_bent_at_one_place_and_its_ends_stay(seed):
    frames = np.arange(101, dtype=np.float32)[:, np.newaxis]
    position = warp_time(frames, [seed, 1], 20).numpy()[:, 0]
    assert position[0] == 0 and position[-1] == pytest.approx(100)
    slopes = np.diff(position)
    assert (slopes > 0).all() and np.abs(position - frames[:, 0]).max() <= 20 + 1e-3
    changes = np.flatnonzero(np.abs(np.diff(slopes)) > 1e-3)
    assert len(changes) <= 2 and np.ptp(changes) <= 1  # two straight lines, their joint between two frames


def test_features_between_frames_are_interpolated():
    position = warp_time(np.arange(200, dtype=np.float32)[:, np.newaxis], SEED, 30).numpy()[:, 0]
    expected = np.stack([np.interp(position, np.arange(200), column) for column in features().T], axis=1)
    np.testing.assert_allclose(warp_time(features(), SEED, 30), expected, atol=1e-4)


@pytest.mark.parametrize("num_frames", range(6))
def test_the_shortest_features_survive(num_frames):
    found = spec_augment(features(num_frames), SEED, dataclasses.replace(MASKS, time_warp=40), fill=0.0).numpy()
    assert found.shape == (num_frames, 80) and np.isfinite(found).all()
