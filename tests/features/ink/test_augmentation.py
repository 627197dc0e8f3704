import dataclasses
import math

import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.ink.augmentation import augment, mask_path
from seqapp.features.ink.ink_features import ink_features
from seqapp.features.ink.normalization import ink_height
from seqapp.features.ink.strokes import find_strokes
from seqapp.recipe import AugmentationConfig, InkConfig

OFF = AugmentationConfig(**{field.name: 0.0 for field in dataclasses.fields(AugmentationConfig)})
ALL = AugmentationConfig(0.2, 5.0, 0.3, 0.3, 0.01, 0.1, 0.2)


def only(**values):
    return dataclasses.replace(OFF, **values)


def height_of(points):
    return float(ink_height(tf.constant(points[:, :2], tf.float64), find_strokes(points[:, 3]), "spread"))


def test_zeros_are_the_identity_exactly(cursive):
    np.testing.assert_array_equal(augment(cursive(), [1, 2], OFF), cursive())


def test_equal_seeds_give_equal_inks_and_others_other_ones(cursive):
    once, again, other = (augment(cursive(), seed, ALL).numpy() for seed in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(once, again)
    assert once.shape != other.shape or not np.allclose(once, other)


def test_eager_equals_graph_of_unknown_length(cursive):
    graph = tf.function(lambda points, seed: augment(points, seed, ALL))
    signature = tf.TensorSpec([None, 4]), tf.TensorSpec([2], tf.int32)
    in_graph = graph.get_concrete_function(*signature)(tf.constant(cursive()), tf.constant([4, 5]))
    np.testing.assert_allclose(in_graph, augment(cursive(), [4, 5], ALL), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("config", [ALL, *(only(**{name: 0.3}) for name in ("scale", "noise", "warp", "drop"))])
@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_smallest_inks_survive(ink, config, count):
    points = ink(*[[[3, 4]]] * count)
    augmented = augment(points, [7, count], config).numpy()
    assert np.isfinite(augmented).all() and augmented.shape[1] == 4
    assert bool(len(augmented)) == bool(count)


@pytest.mark.parametrize("seed", range(5))
def test_flags_and_order_stay(cursive, seed):
    points = cursive()
    augmented = augment(points, [seed, 0], dataclasses.replace(ALL, drop=0.0)).numpy()
    np.testing.assert_array_equal(augmented[:, 3], points[:, 3])
    assert (np.diff(augmented[:, 2]) >= 0).all() and augmented[0, 2] == 0


@pytest.mark.parametrize("seed", range(5))
def test_shape_is_one_linear_map_within_its_bounds(cursive, seed):
    points = cursive()
    config = only(scale=0.2, rotation_deg=10.0, shear=0.3)
    augmented = augment(points, [seed, 9], config).numpy()
    moves, targets = points[:, :2] - points[0, :2], augmented[:, :2] - augmented[0, :2]
    matrix, *_ = np.linalg.lstsq(moves, targets, rcond=None)
    np.testing.assert_allclose(moves @ matrix, targets, atol=0.02)
    angle = math.atan2(matrix[0, 1], matrix[0, 0])
    assert abs(math.degrees(angle)) <= 10
    unturned = matrix @ np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    assert abs(unturned[1, 0] / unturned[1, 1]) <= 0.3 + 1e-3
    assert (np.abs(np.log(np.diag(unturned))) <= 0.2 + 1e-3).all()


def test_time_is_stretched_by_one_factor(cursive):
    points = cursive()
    augmented = augment(points, [0, 1], only(time_stretch=0.5)).numpy()
    factor = augmented[-1, 2] / points[-1, 2]
    assert factor != 1 and abs(math.log(factor)) <= 0.5
    np.testing.assert_allclose(augmented[:, 2], points[:, 2] * factor, rtol=1e-6)
    np.testing.assert_array_equal(augmented[:, [0, 1, 3]], points[:, [0, 1, 3]])


def test_tremor_has_its_deviation_and_is_smooth(cursive):
    points = cursive(20_000, 30)
    moves = (augment(points, [3, 3], only(noise=0.02)) - points).numpy()[:, :2] / height_of(points)
    np.testing.assert_allclose(moves.std(axis=0), 0.02, rtol=0.15)
    inside = points[:-1, 3] == 0
    assert np.abs(np.diff(moves, axis=0))[inside].max() < 0.02


def test_tremor_survives_resampling_alike_at_every_sampling_rate(cursive):
    config = InkConfig(height="spread")
    lengths = [len(ink_features(augment(cursive(n), [5, 5], only(noise=0.03)), config)) for n in (2000, 16_000)]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.03)


def test_the_warped_baseline_is_a_function_of_x(cursive):
    points = cursive()
    moves = (augment(points, [6, 6], only(warp=0.2)) - points).numpy()
    np.testing.assert_array_equal(moves[:, [0, 2, 3]], 0)
    order = np.argsort(points[:, 0])
    shift = moves[order, 1] / height_of(points)
    assert 0.01 < np.abs(shift).max() <= 0.2 + 1e-3 and np.abs(np.diff(shift)).max() < 0.05


def test_whole_strokes_are_dropped_at_the_rate_asked_for(cursive):
    points = cursive(4000, 400)
    dropped = augment(points, [8, 8], only(drop=0.25)).numpy()
    assert dropped[:, 3].sum() / 400 == pytest.approx(0.75, abs=0.08)
    assert dropped[0, 2] == 0
    rows = {tuple(row) for row in points[:, [0, 1, 3]]}
    assert all(tuple(row) in rows for row in dropped[:, [0, 1, 3]])


def test_an_ink_never_loses_all_its_strokes(cursive):
    np.testing.assert_array_equal(augment(cursive(50, 3), [1, 1], only(drop=1.0)), cursive(50, 3))


MASKS = only(mask_share=0.1, mask_frames=40)


@pytest.mark.parametrize("changes", [{"mask_frames": 40}, {"mask_share": 0.1}], ids=["no share", "no frames"])
def test_without_a_share_or_frames_nothing_is_masked(changes):
    features = tf.random.stateless_normal([50, 6], [1, 2])
    assert mask_path(features, [1, 2], only(**changes)) is features


def test_masked_frames_are_zero_in_all_columns_and_others_as_they_were():
    features = tf.random.stateless_normal([900, 6], [1, 2]).numpy()
    masked = mask_path(features, [3, 4], MASKS).numpy()
    is_blank = (masked == 0).all(axis=1)
    assert 0 < is_blank.sum() < 450
    np.testing.assert_array_equal(masked[~is_blank], features[~is_blank])


def test_the_share_of_masked_frames_is_that_of_the_recipe():
    def share(seed):
        return tf.reduce_mean(tf.cast(mask_path(tf.ones([700, 1]), tf.stack([seed, 7]), MASKS) == 0, tf.float32))

    shares = tf.map_fn(share, tf.range(2_000), fn_output_signature=tf.float32).numpy()
    # Expected: 1 - (1 - 20 / 700)^3.5 where spans overlap, in between 3 and 4 spans of 20 frames on the average.
    assert 0.088 < shares.mean() < 0.102


@pytest.mark.parametrize("num_frames", [0, 1, 5])
def test_short_lines_can_be_masked(num_frames):
    masked = mask_path(tf.ones([num_frames, 6]), [1, 2], only(mask_share=0.9, mask_frames=2))
    assert masked.shape == (num_frames, 6)
