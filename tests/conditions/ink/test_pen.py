"""Random damage of ink: seeded, the same in a graph, nothing at probability 0, and never a broken ink."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.conditions.ink import pen
from seqapp.conditions.ink.pen import damage_ink
from seqapp.recipe import AugmentationConfig, InkConfig
from seqapp.senses import InkSense


@functools.cache
def graph(probability):
    signature = [tf.TensorSpec([None, 4], tf.float32), tf.TensorSpec([2], tf.int32)]
    return tf.function(lambda points, seed: damage_ink(points, seed, probability), input_signature=signature)


def test_probability_zero_is_the_identity(line):
    np.testing.assert_array_equal(damage_ink(line, [1, 2], 0.0), line)


def test_equal_seeds_give_equal_damage_in_a_graph_too(line):
    once, again, other = (graph(1.0)(line, tf.constant(seed)).numpy() for seed in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(once, again)
    assert once.shape != other.shape or not np.allclose(once, other)
    np.testing.assert_allclose(damage_ink(line, [1, 2], 1.0), once, rtol=1e-4, atol=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_the_smallest_inks_survive(small_inks, line, seed):
    for points in [*small_inks, line]:
        damaged = graph(1.0)(points, tf.constant([seed, 7])).numpy()
        assert np.isfinite(damaged).all() and bool(len(damaged)) == bool(len(points))
        assert set(np.unique(damaged[:, 3])) <= {0.0, 1.0} and (np.diff(damaged[:, 2]) >= 0).all()


def test_each_way_has_its_share(line):
    changed = [not np.array_equal(graph(0.1)(line, tf.constant([seed, 1])), line) for seed in range(200)]
    assert abs(np.mean(changed) - (1 - 0.9**8)) < 0.12


@pytest.mark.parametrize("seed", range(4))
def test_few_points_leave_letters_their_shapes(line, seed):
    few = pen._decimate(line, tf.constant([seed, 0]), 40.0).numpy()
    steps = np.linalg.norm(np.diff(few[:, :2], axis=0), axis=1)[few[:-1, 3] == 0]
    assert len(few) < len(line) and steps.mean() < 0.3 * 40.0


def test_turned_ink_is_not_rounded_to_larger_cells(line):
    turned = pen._rotate(line, tf.constant([3, 4]), 40.0)
    rounded = pen._grid(turned, tf.constant([5, 6]), 40.0).numpy()
    assert np.ptp(turned[:, 1]) > 60.0
    assert np.abs(rounded - turned)[:, :2].max() <= 40.0 / pen.GRID[0] / 2 + 1e-3


def test_the_sense_draws_it_behind_its_distortions(line):
    off = AugmentationConfig(scale=0.0, rotation_deg=0.0, shear=0.0, time_stretch=0.0, noise=0.0)
    damaging = InkSense(InkConfig(), AugmentationConfig(**{**vars(off), "damage_probability": 1.0}))
    np.testing.assert_array_equal(InkSense(InkConfig(), off).augment(line, tf.constant([1, 2])), line)
    damaged = damaging.augment(line, tf.constant([1, 2]))
    np.testing.assert_allclose(damaged, graph(1.0)(line, tf.constant([1, 2])), rtol=1e-4, atol=0.1)
