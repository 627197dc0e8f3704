"""Line images become columns of darkness, alike for all scanners, pens and sizes."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.image.line_extent import darkness, ink_extent
from seqapp.features.image.line_image import frame_scale, framed, line_features, to_float
from seqapp.recipe import LineImageConfig
from tests.small_lines import draw_line

CONFIG = LineImageConfig(height=32)
LINE = to_float(draw_line("une ligne gelée").T)
GREY_SHAPE = (108, 48)
GREY_SUMS = [2.72864, 0.01068, 0.02912, 0.11463, 0.15966, 0.11281, 0.09521, 2.94956, 0.08897, 2.82364, 0.07598, 0.07436]
features = tf.function(lambda x: line_features(x, CONFIG), input_signature=[tf.TensorSpec([None, None])])


def test_a_line_read_leftwards_is_its_mirror_image_read_rightwards():
    leftwards = LineImageConfig(height=32, direction="right_to_left")
    np.testing.assert_array_equal(line_features(LINE, leftwards), line_features(LINE[::-1], CONFIG))


def test_grey_is_what_it_always_was():
    """Existing models were trained on it: a picture without randomness, and numbers of the first version."""
    x, y = np.meshgrid(np.arange(90), np.arange(64), indexing="ij")
    picture = (235 - 190 * ((x % 17 < 3) & (y > 20) & (y < 41)) - 3 * (x * y % 7)).astype(np.uint8)
    frames = line_features(to_float(picture), LineImageConfig()).numpy()
    assert frames.shape == GREY_SHAPE
    np.testing.assert_allclose(frames[::9, ::8].sum(axis=1), GREY_SUMS, atol=1e-4)
    np.testing.assert_array_equal(frames, framed(darkness(to_float(picture)), *_grey_frame(picture), 48))


def _grey_frame(picture):
    middle, spread = ink_extent(darkness(to_float(picture)))
    scale = 48 / (2.0 * 3.5 * spread)
    return scale, 24.0 - scale * middle


@pytest.mark.parametrize("kind", ["grey", "even"])
def test_each_kind_has_its_scale_and_its_mirror_image(kind):
    config = LineImageConfig(kind=kind)
    frames = line_features(LINE, config)
    assert len(frames) == int(np.ceil(float(frame_scale(LINE, config)) * len(LINE)))
    leftwards = line_features(LINE, LineImageConfig(kind=kind, direction="right_to_left"))
    np.testing.assert_allclose(leftwards, line_features(LINE[::-1], config), atol=1e-6)


def test_paper_is_zero_and_strokes_are_one():
    found = features(LINE).numpy()
    assert found.shape[1] == 32 and found.dtype == np.float32
    assert np.median(found) < 1e-6 and found.max() > 0.9 and found.min() >= 0


@pytest.mark.parametrize("scanner", [lambda x: 0.5 * x, lambda x: 0.3 + 0.7 * x, lambda x: 0.2 + 0.4 * x])
def test_brightness_and_contrast_of_a_scanner_do_not_matter(scanner):
    np.testing.assert_allclose(features(scanner(LINE)), features(LINE), atol=0.06)


def test_size_and_place_in_the_image_do_not_matter():
    large = tf.image.resize(LINE[..., tf.newaxis], [2 * LINE.shape[0], 2 * LINE.shape[1]])[..., 0]
    padded = tf.pad(large, [[0, 0], [70, 20]], constant_values=float(LINE[0, 0]))
    wanted, found = features(LINE).numpy(), features(padded).numpy()
    assert abs(len(found) - len(wanted)) <= 0.05 * len(wanted)
    assert np.corrcoef(found.sum(axis=0), wanted.sum(axis=0))[0, 1] > 0.97


def test_the_ink_fills_the_same_share_of_the_rows():
    middle, spread = ink_extent(features(LINE))
    assert float(middle) == pytest.approx(16, abs=0.7)
    assert float(spread) == pytest.approx(32 / (2 * CONFIG.extent), rel=0.1)


def test_frames_are_columns_times_the_scale():
    scale = float(frame_scale(LINE, CONFIG))
    assert len(features(LINE)) == int(np.ceil(scale * len(LINE)))


def test_ruled_lines_do_not_count_as_ink():
    ruled = LINE.numpy().copy()
    ruled[:, -4:-2] = 0.4
    for found, wanted in zip(ink_extent(darkness(ruled)), ink_extent(darkness(LINE))):
        assert float(found) == pytest.approx(float(wanted), rel=0.05)


def test_grain_on_blank_paper_stays_faint():
    grain = np.clip(np.random.default_rng(0).normal(0.9, 0.02, [80, 64]), 0, 1).astype(np.float32)
    assert float(tf.reduce_max(features(grain))) < 0.15


@pytest.mark.parametrize("shape", [(0, 64), (1, 64), (1, 1), (3, 200)])
def test_extreme_shapes(shape):
    found = features(tf.fill(shape, 0.9))
    assert found.shape[1] == 32 and np.isfinite(found).all() and (len(found) > 0) == (shape[0] > 0)


def test_scaling_reads_pixels_between_pixels_and_paper_beyond():
    ink = tf.constant([[1.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(framed(ink, tf.constant(1.0), tf.constant(1.0), 4)[:, 1:3], ink, atol=1e-6)
    assert not np.any(framed(ink, tf.constant(1.0), tf.constant(1.0), 4)[:, 3])


def test_grey_of_eight_bits_has_white_at_one():
    np.testing.assert_array_equal(to_float(np.uint8([[0, 255]])), [[0.0, 1.0]])
    np.testing.assert_array_equal(to_float(np.float32([[0.25]])), [[0.25]])
