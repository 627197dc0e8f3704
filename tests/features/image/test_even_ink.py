"""Darkness of kind even: light, polarity and ruling do not matter, writing stays."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.conditions.image.edges import frame
from seqapp.conditions.image.grain import grain, salt_and_pepper
from seqapp.conditions.image.light import gradient, shadow
from seqapp.conditions.image.ruling import rule, rule_across
from seqapp.datasets.image.line_height import to_columns
from seqapp.features.image.even_ink import despeckled, even_ink, is_negative, lost_light, without_specks
from seqapp.features.image.line_image import line_features, to_float
from seqapp.recipe import LineImageConfig
from tests.small_lines import draw_line

CONFIG = LineImageConfig(kind="even")
COLUMNS = to_columns(draw_line("une ligne gelée"))
LINE = to_float(COLUMNS)
SIGNATURE = [tf.TensorSpec([None, None])]
features = tf.function(lambda x: line_features(x, CONFIG), input_signature=SIGNATURE)
darkness = tf.function(lambda x: even_ink(x)[0], input_signature=SIGNATURE)
polarity = tf.function(is_negative, input_signature=SIGNATURE)


def with_strokes(*boxes, width=400):
    """Paper with dark rectangles: (left, right, top, bottom)."""
    columns = np.full((width, 64), 0.9, np.float32)
    for left, right, top, bottom in boxes:
        columns[left:right, top:bottom] = 0.2
    return columns


def likeness(one, other):
    one, other = np.asarray(one), np.asarray(other)
    return np.corrcoef(one.ravel(), other.ravel())[0, 1]


def test_an_inverted_line_has_the_same_features():
    np.testing.assert_allclose(features(to_float(255 - COLUMNS)), features(LINE), atol=1e-4)


@pytest.mark.parametrize("brightness", [0.2, 0.6])
def test_brightness_is_divided_out(brightness):
    np.testing.assert_allclose(features(brightness * LINE), features(LINE), atol=1e-3)


def test_contrast_does_not_matter():
    np.testing.assert_allclose(features(0.6 + 0.3 * LINE), features(LINE), atol=0.15)
    assert likeness(features(0.6 + 0.3 * LINE), features(LINE)) > 0.995


@pytest.mark.parametrize(
    "light", [lambda x: gradient(x, 1.0, 0.5), lambda x: shadow(x, 0.45, 0.5, 0.5)], ids=["gradient", "shadow"]
)
def test_light_that_changes_is_divided_out(light):
    assert likeness(darkness(light(LINE)), darkness(LINE)) > 0.99


def test_ruled_lines_squares_and_frames_vanish_and_the_writing_stays():
    wanted = darkness(LINE)
    for damaged in (
        rule(LINE, 45.0, 30.0, 1.5, 0.5, tilt=0.005),
        rule_across(rule(LINE, 45.0, 18.0, 1.0, 0.5), 3.0, 18.0, 1.0, 0.5),
        frame(LINE, 4.0, 4.0, 4.0, 4.0),
    ):
        assert likeness(darkness(damaged), wanted) > 0.97


def test_a_blank_ruled_line_is_blank():
    blank = rule(tf.fill([400, 64], 0.9), 40.0, 36.0, 1.5, 0.5)
    assert float(tf.reduce_max(darkness(blank))) < 0.2


@pytest.mark.parametrize("box", [(150, 250, 44, 47), (150, 190, 30, 33), (200, 203, 18, 46), (200, 204, 40, 44)])
@pytest.mark.parametrize("text", [(), ((20, 24, 20, 44), (60, 64, 20, 44), (300, 304, 20, 44))], ids=["alone", "text"])
def test_underscores_dashes_uprights_and_points_stay(box, text):
    left, right, top, bottom = box
    ink = darkness(with_strokes(box, *text)).numpy()
    assert ink[left + 1 : right - 1, top + 1 : bottom - 1].min() > 0.7


def test_a_dash_that_fills_most_of_a_short_line_stays():
    assert darkness(with_strokes((10, 80, 30, 34), width=90)).numpy()[20:70, 31:33].min() > 0.7


def test_single_pixels_vanish_and_strokes_do_not():
    specked = LINE.numpy().copy()
    specked[5::17, 2::9] = 0.0
    assert np.abs(despeckled(specked) - LINE).mean() < 0.25 * np.abs(specked - LINE).mean()
    assert likeness(darkness(specked), darkness(LINE)) > 0.98


def test_pictures_are_cleaned_only_where_they_are_full_of_specks():
    np.testing.assert_array_equal(without_specks(LINE), LINE)
    speckled = salt_and_pepper(LINE, [1, 2], 0.03)
    np.testing.assert_array_equal(without_specks(speckled), despeckled(speckled))


def test_grain_on_blank_paper_stays_faint():
    noise = grain(tf.fill([200, 64], 0.9), [1, 2], 0.02)
    assert float(tf.reduce_max(darkness(noise))) < 0.15


@pytest.mark.parametrize("grey", [0.0, 0.3, 0.9, 1.0])
def test_constant_grey_is_paper(grey):
    assert not np.any(darkness(tf.fill([30, 64], grey)))


def test_polarity_is_that_of_what_is_rare():
    for light in (1.0, 0.4):
        assert not polarity(light * LINE) and polarity(1.0 - light * LINE)
    assert not polarity(frame(LINE, 5.0, 5.0, 5.0, 5.0)) and not polarity(shadow(LINE, 0.4, 0.5, 0.9))


def test_lost_light_is_that_of_a_stroke_in_the_shade_too():
    stroke = with_strokes((100, 103, 20, 40)) * np.linspace(0.5, 1.0, 400, dtype=np.float32)[:, np.newaxis]
    assert float(lost_light(stroke)[101, 30]) == pytest.approx(1 - 0.2 / 0.9, abs=0.05)


@pytest.mark.parametrize("shape", [(0, 64), (1, 64), (2, 64), (1, 1), (3, 200), (97, 5)])
def test_extreme_shapes(shape):
    for values in (np.full(shape, 0.9, np.float32), np.random.default_rng(0).uniform(size=shape).astype(np.float32)):
        frames = features(values).numpy()
        assert frames.shape[1] == CONFIG.height and np.isfinite(frames).all() and (len(frames) > 0) == (shape[0] > 0)
        assert frames.min(initial=0.0) >= 0.0
