"""Random damage of training lines by what lies between a page and a file: neighbours, paper, light, camera.

Everything is drawn from one stateless seed, as in `seqapp.features.image.augmentation`, which comes behind features.
"""

import tensorflow as tf

from seqapp.conditions.image.edges import frame
from seqapp.conditions.image.geometry import turn
from seqapp.conditions.image.grain import grain
from seqapp.conditions.image.light import gradient, shadow
from seqapp.conditions.image.neighbours import intrude
from seqapp.conditions.image.ruling import rule, rule_across
from seqapp.conditions.image.sharpness import blur, lose_resolution
from seqapp.conditions.image.tone import darken, fade, paper_level
from seqapp.features.random_draws import between, factor_between, sometimes, uniform
from seqapp.recipe.rules import CORPUS_HEIGHT

SALT = 0x9A9E  # keeps these draws apart from those of the distortions, which have the same seed
DISTANCE = (0.55, 0.85)  # heights from a line to the next
CONTRAST = (0.25, 0.8)
SPACING = (12.0, 48.0)  # rows of ruled paper; logarithms are uniform, here and of the resolution
THICKNESS = (0.5, 2.5)
DARKNESS = (0.1, 0.6)
RULING_TILT = 0.01
WOBBLE = 1.0
BRIGHTNESS = (0.5, 0.95)  # of dark paper
ROTATION_DEG = 3.0
SHADOW = (0.45, 0.9)  # share of the light in it
FRAME = (1.0, 6.0)
ROWS = (16.0, 40.0)  # of a line in few pixels
BLUR = (0.5, 2.0)
NOISE = 0.3  # of the contrast, which is about 1/2: more drowns faint ink


def damage_paper(columns, seed, probability: float) -> tf.Tensor:
    """Damage one line, each way by itself with a probability, in the order of nature.

    Neighbours; faint ink; ruled or squared paper; dark paper; a turned line; shadows; a dark frame; few pixels; blur;
    noise. Not inverted: negatives are turned where files are read, and features of kind "even" turn the rest exactly.

    Args:
        columns: Float32 `[W, CORPUS_HEIGHT]` in [0, 1], 1 white.
        seed: Int `[2]`, as for `tf.random.stateless_uniform`.
        probability: In [0, 1], of each way; at 0 the line stays as it is.

    Returns:
        Float32 `[W, CORPUS_HEIGHT]` in [0, 1].
    """
    if not probability:
        return columns
    columns = tf.ensure_shape(columns, [None, CORPUS_HEIGHT])
    return tf.cond(tf.shape(columns)[0] > 0, lambda: _damaged(columns, seed, probability), lambda: columns)


def _damaged(columns, seed, probability):
    ways = (_neighbours, _fade, _ruling, _darken, _turn, _light, _frame, _resolution, _blur, _grain)
    seeds = tf.unstack(tf.random.split(tf.random.fold_in(seed, SALT), len(ways)))
    for way, seed in zip(ways, seeds):
        columns = tf.ensure_shape(sometimes(way, columns, probability, seed), [None, CORPUS_HEIGHT])
    return tf.clip_by_value(columns, 0.0, 1.0)


def _neighbours(columns, seed):
    """Other places of the line itself stand for the lines above and below, backwards, so that no word repeats."""
    places, sides = tf.unstack(tf.random.split(seed, 2))
    moves = tf.random.stateless_uniform([2], places, 0, tf.shape(columns)[0], tf.int32)
    draws = tf.random.stateless_uniform([2], sides)
    others = [tf.roll(columns[::-1], moves[k], 0) for k in range(2)]
    # One side, the other one, or both.
    above = tf.where(draws[0] < 2 / 3, others[0], tf.ones_like(columns))
    below = tf.where(draws[0] > 1 / 3, others[1], tf.ones_like(columns))
    low, high = DISTANCE
    return intrude(columns, above, below, (low + (high - low) * draws[1]) * CORPUS_HEIGHT)


def _fade(columns, seed):
    return fade(columns, between(seed, CONTRAST))


def _ruling(columns, seed):
    one, other, kind = tf.unstack(tf.random.split(seed, 3))
    spacing, thickness, darkness = factor_between(one, SPACING), between(kind, THICKNESS), between(other, DARKNESS)
    draws = tf.random.stateless_uniform([5], tf.random.fold_in(kind, 1))
    tilt = RULING_TILT * (2 * draws[0] - 1)
    ruled = rule(columns, draws[1] * spacing, spacing, thickness, darkness, tilt, WOBBLE * draws[2])
    squared = rule_across(ruled, draws[3] * spacing, spacing, thickness, darkness, tilt)
    return tf.where(draws[4] < 0.5, ruled, squared)


def _darken(columns, seed):
    return darken(columns, between(seed, BRIGHTNESS))


def _turn(columns, seed):
    return turn(columns, uniform(seed, [], ROTATION_DEG))


def _light(columns, seed):
    """A band of shadow, or light that falls off upwards or downwards."""
    depth, place = tf.unstack(tf.random.split(seed, 2))
    brightness = between(depth, SHADOW)
    draws = tf.random.stateless_uniform([5], place)
    width = 0.15 + 1.35 * draws[1]
    band = shadow(columns, brightness, draws[0], width, 4 * draws[2] - 2, 0.05 + 0.4 * draws[3])
    ends = tf.stack([brightness, 1.0])
    ends = tf.where(draws[0] < 0.5, ends, ends[::-1])
    return tf.where(draws[4] < 0.7, band, gradient(columns, ends[0], ends[1]))


def _frame(columns, seed):
    """Any of the four sides."""
    sizes, sides, tone = tf.unstack(tf.random.split(seed, 3))
    covered = tf.cast(tf.random.stateless_uniform([4], sides) < 0.5, tf.float32)
    widths = tf.unstack(covered * tf.random.stateless_uniform([4], sizes, *FRAME))
    return frame(columns, *widths, grey=between(tone, (0.0, 0.3)))


def _resolution(columns, seed):
    return lose_resolution(columns, factor_between(seed, ROWS) / CORPUS_HEIGHT)


def _blur(columns, seed):
    return blur(columns, between(seed, BLUR))


def _grain(columns, seed):
    amount, shape = tf.unstack(tf.random.split(seed, 2))
    return grain(columns, shape, tf.random.stateless_uniform([], amount, 0.0, NOISE) * _contrast(columns))


def _contrast(columns):
    """Return the difference of paper and darkest strokes, at most 1/2: the frame of a picture is no stroke."""
    smooth = tf.nn.avg_pool2d(columns[tf.newaxis, :, :, tf.newaxis], 3, 1, "SAME")
    return tf.clip_by_value(paper_level(columns) - tf.reduce_min(smooth), 0.05, 0.5)
