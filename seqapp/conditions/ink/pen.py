"""Random damage of training ink by what lies between a hand and a file: manner, corrections, tablet, format.

Everything is drawn from one stateless seed, as in `seqapp.features.ink.augmentation`, which comes before.
"""

import tensorflow as tf

from seqapp.conditions.ink.corrections import underline
from seqapp.conditions.ink.device import decimate, jitter, round_to_grid
from seqapp.conditions.ink.extent import box_height
from seqapp.conditions.ink.hand import rotate, slant, stretch
from seqapp.conditions.ink.late_strokes import late_dots
from seqapp.features.ink.strokes import find_strokes, segment_vectors
from seqapp.features.random_draws import between, factor_between, sometimes, uniform

SALT = 0x1E4A  # keeps these draws apart from those of the distortions, which have the same seed
WIDTHS = (0.55, 1.6)  # logarithms are uniform, here and of the grid
SLANT = 0.8
ROTATION_DEG = 20.0
FLATTEST = (0.08, 0.2)  # ink heights, of late dots and bars
GAP = (0.05, 0.4)  # ink heights, of a line under the writing
JITTER = (0.002, 0.025)  # ink heights
STEPS = (2, 8)  # one point is kept of so many
WIDEST_STEP = 0.25  # ink heights between kept points, on the average: beyond that letters are gone
GRID = (12.0, 60.0)  # cells in the height of the ink


def damage_ink(points, seed, probability: float) -> tf.Tensor:
    """Damage one ink, each way by itself with a probability, in the order of nature.

    Narrow or wide; slant; late dots; a line under it; a turned tablet; jitter; few points; a coarse grid.

    Args:
        points: Float32 `[N, 4]`, columns (x, y growing down, time in s, pen_up).
        seed: Int `[2]`, as for `tf.random.stateless_uniform`.
        probability: In [0, 1], of each way; at 0 the ink stays as it is.

    Returns:
        Float32 `[M, 4]`.
    """
    if not probability:
        return points
    seeds = tf.unstack(tf.random.split(tf.random.fold_in(seed, SALT), len(OF_HAND) + len(OF_TABLET)))
    points = tf.ensure_shape(points, [None, 4])
    for way, seed in zip(OF_HAND, seeds):
        points = tf.ensure_shape(sometimes(way, points, probability, seed), [None, 4])
    # What is turned or underlined has a higher box, but no larger letters.
    height = box_height(points)
    for way, seed in zip(OF_TABLET, seeds[len(OF_HAND) :]):
        points = tf.ensure_shape(sometimes(way, points, probability, seed, height), [None, 4])
    return points


def _stretch(points, seed):
    return stretch(points, factor_between(seed, WIDTHS))


def _slant(points, seed):
    return slant(points, uniform(seed, [], SLANT))


def _late_dots(points, seed):
    return late_dots(points, between(seed, FLATTEST))


def _underline(points, seed, height):
    place, shape = tf.unstack(tf.random.split(seed, 2))
    return underline(points, shape, between(place, GAP))


def _rotate(points, seed, height):
    return rotate(points, uniform(seed, [], ROTATION_DEG))


def _jitter(points, seed, height):
    amount, shape = tf.unstack(tf.random.split(seed, 2))
    return jitter(points, shape, between(amount, JITTER) * height / box_height(points))


def _decimate(points, seed, height):
    """Devices of few points write large: a drawn step is shortened where letters would lose their shapes."""
    step = tf.random.stateless_uniform([], seed, STEPS[0], STEPS[1] + 1, tf.int32)
    lengths = tf.norm(segment_vectors(points[:, :2], find_strokes(points[:, 3])), axis=1)
    spacing = tf.math.divide_no_nan(tf.reduce_sum(lengths), tf.cast(tf.shape(points)[0], tf.float32))
    longest = tf.math.divide_no_nan(WIDEST_STEP * height, spacing)
    return decimate(points, tf.cast(tf.clip_by_value(longest, 1.0, tf.cast(step, tf.float32)), tf.int32))


def _grid(points, seed, height):
    return round_to_grid(points, factor_between(seed, GRID) * box_height(points) / height)


OF_HAND = (_stretch, _slant, _late_dots)
OF_TABLET = (_underline, _rotate, _jitter, _decimate, _grid)
