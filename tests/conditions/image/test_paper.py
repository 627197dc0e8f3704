"""Random damage of lines: seeded, the same in a graph, nothing at probability 0, and never a broken line."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.conditions.image.paper import damage_paper
from seqapp.recipe import ImageAugmentationConfig, LineImageConfig
from seqapp.senses import ImageSense


@functools.cache
def graph(probability):
    signature = [tf.TensorSpec([None, 64], tf.float32), tf.TensorSpec([2], tf.int32)]
    return tf.function(lambda columns, seed: damage_paper(columns, seed, probability), input_signature=signature)


def test_probability_zero_is_the_identity(line):
    np.testing.assert_array_equal(damage_paper(line, [1, 2], 0.0), line)


def test_equal_seeds_give_equal_damage_in_a_graph_too(line):
    once, again, other = (graph(1.0)(line, tf.constant(seed)).numpy() for seed in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(once, again)
    assert once.shape == line.shape and np.abs(once - other).max() > 0.1
    np.testing.assert_allclose(damage_paper(line, [1, 2], 1.0), once, atol=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_the_smallest_lines_survive(line, seed):
    for width in (0, 1, 2, 17, len(line)):
        damaged = graph(1.0)(line[:width], tf.constant([seed, 7])).numpy()
        assert damaged.shape == (width, 64) and np.isfinite(damaged).all()
        assert damaged.min(initial=0.0) >= 0 and damaged.max(initial=1.0) <= 1


def test_each_way_has_its_share(line):
    changed = [not np.array_equal(graph(0.1)(line, tf.constant([seed, 1])), line) for seed in range(200)]
    # A frame on none of four sides is none.
    assert abs(np.mean(changed) - (1 - 0.9**9 * (1 - 0.1 * 15 / 16))) < 0.12


def test_the_sense_draws_it_on_columns(line):
    sense = ImageSense(LineImageConfig(), ImageAugmentationConfig(damage_probability=1.0))
    np.testing.assert_allclose(
        sense.augment(line, tf.constant([1, 2])), graph(1.0)(line, tf.constant([1, 2])), atol=1e-3
    )
    np.testing.assert_array_equal(ImageSense(LineImageConfig(), ImageAugmentationConfig()).augment(line, [1, 2]), line)
