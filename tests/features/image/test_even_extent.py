"""The extent of the ink: that of the clean line under each damage; and the slope of a line."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.conditions.image.edges import frame
from seqapp.conditions.image.geometry import turn
from seqapp.conditions.image.grain import grain
from seqapp.conditions.image.light import shadow
from seqapp.conditions.image.neighbours import intrude
from seqapp.conditions.image.ruling import rule, rule_across
from seqapp.datasets.image.line_height import to_columns
from seqapp.features.image.even_extent import even_extent, ink_slope, ink_steps
from seqapp.features.image.even_ink import even_ink
from seqapp.features.image.line_extent import darkness, ink_extent
from seqapp.features.image.line_image import to_float
from tests.small_lines import draw_line

LINE = to_float(to_columns(draw_line("une ligne gelée, puis la deuxième")))
OTHER = LINE[::-1]
SIGNATURE = [tf.TensorSpec([None, None])]
extent = tf.function(lambda x: even_extent(ink_steps(*even_ink(x))), input_signature=SIGNATURE)
slope = tf.function(lambda x: ink_slope(even_ink(x)[0]), input_signature=SIGNATURE)
DAMAGES = {
    "shadow": lambda x: shadow(x, 0.45, 0.5, 0.5),
    "ruled": lambda x: rule(x, 40.0, 30.0, 1.5, 0.5),
    "squared": lambda x: rule_across(rule(x, 40.0, 18.0, 1.0, 0.5), 3.0, 18.0, 1.0, 0.5),
    "dotted": lambda x: tf.where((tf.range(len(LINE)) % 6 < 3)[:, tf.newaxis], rule(x, 44.0, 90.0, 2.0, 0.8), x),
    "frame": lambda x: frame(x, 4.0, 4.0, 4.0, 4.0),
    "noise": lambda x: grain(x, [1, 2], 0.1),
    "neighbours": lambda x: intrude(x, OTHER, OTHER, 38.0),
    "one neighbour": lambda x: intrude(x, tf.ones_like(x), OTHER, 34.0),
}


@functools.cache
def clean():
    return [float(x) for x in extent(LINE)]


def test_it_is_calibrated_to_that_of_all_ink():
    for measured, wanted, tolerance in zip(clean(), ink_extent(darkness(LINE)), (1.0, 1.2)):
        assert measured == pytest.approx(float(wanted), abs=tolerance)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_hardly_changes_it(damage):
    middle, spread = (float(x) for x in extent(DAMAGES[damage](LINE)))
    assert middle == pytest.approx(clean()[0], abs=1.5)
    assert spread == pytest.approx(clean()[1], rel=0.12)


@pytest.mark.parametrize("share", [0.5, 0.7])
def test_small_letters_have_a_small_spread(share):
    small = tf.image.resize(LINE[..., tf.newaxis], [int(share * len(LINE)), int(share * 64)], antialias=True)[..., 0]
    framed = tf.pad(small - LINE[0, 0], [[0, 0], [9, 64 - 9 - small.shape[1]]]) + LINE[0, 0]
    assert float(extent(framed)[1]) == pytest.approx(share * clean()[1], rel=0.12)


def test_a_dash_alone_is_measured():
    dash = np.full((120, 64), 0.9, np.float32)
    dash[40:80, 30:33] = 0.2
    middle, spread = extent(dash)
    assert float(middle) == pytest.approx(31.5, abs=1.0) and float(spread) < 3


def test_blank_lines_keep_their_frame():
    assert [float(x) for x in extent(tf.fill([100, 64], 0.9))] == [32.0, 8.0]


@pytest.mark.parametrize("degrees", [-3.0, -1.5, 0.0, 2.0])
def test_the_slope_of_a_line(degrees):
    turned = turn(tf.pad(LINE - LINE[0, 0], [[0, 0], [20, 20]]) + LINE[0, 0], degrees)
    assert np.degrees(np.arctan(float(slope(turned)))) == pytest.approx(degrees, abs=0.5)


def test_what_is_short_has_no_slope():
    steps = np.full((150, 64), 0.9, np.float32)
    steps[40:44, 14:40] = steps[90:94, 24:50] = 0.2  # one letter up, one down
    assert float(slope(steps)) == 0.0


@pytest.mark.parametrize("shape", [(1, 64), (2, 3), (1, 1)])
def test_the_smallest_images(shape):
    values = np.random.default_rng(0).uniform(size=shape).astype(np.float32)
    assert np.isfinite([float(x) for x in extent(values)]).all() and np.isfinite(float(slope(values)))
