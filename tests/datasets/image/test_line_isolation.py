"""What neighbours reach into a rectangle goes, the line itself stays; in files and arrays alike."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageDraw

from seqapp.datasets.image.line_array import columns_of_array
from seqapp.datasets.image.line_files import read_lines
from seqapp.datasets.image.line_isolation import isolate_line, without_frame
from seqapp.datasets.image.line_pairs.reader import read
from seqapp.datasets.skipped import Skipped
from seqapp.features.image import dark_frame

PAPER, INK, HEIGHT, WIDTH = 230, 40, 80, 600


def line(slope=0.0, has_neighbours=False, has_long_letters=False):
    """Small letters in the middle; legs of the line above and heads of that below at the edges."""
    image = Image.new("L", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    for x in range(20, WIDTH - 20, 24):
        y = HEIGHT / 2 + slope * (x - WIDTH / 2)
        draw.rectangle((x, y - 8, x + 12, y + 8), outline=INK, width=3)
        if has_long_letters and x % 5 == 0:
            draw.rectangle((x, 0, x + 2, y), fill=INK)
    if has_neighbours:
        for x in range(30, WIDTH, 70):
            draw.rectangle((x, 0, x + 3, 12), fill=INK)
            draw.rectangle((x + 30, HEIGHT - 9, x + 45, HEIGHT), fill=INK)
    return np.asarray(image)


@pytest.mark.parametrize("slope", [0.0, 0.03, -0.03])
def test_pieces_of_the_neighbours_become_paper(slope):
    isolated = isolate_line(line(slope, has_neighbours=True))
    np.testing.assert_array_equal(isolated, line(slope))


@pytest.mark.parametrize("has_long_letters", [False, True])
def test_a_line_alone_stays_as_it_is(has_long_letters):
    """Letters may reach the edge."""
    image = line(has_long_letters=has_long_letters)
    np.testing.assert_array_equal(isolate_line(image), image)


def test_long_letters_stay_where_neighbours_go():
    image = line(has_long_letters=True, has_neighbours=True)
    isolated = isolate_line(image)
    is_changed = isolated != image
    assert is_changed.any() and not is_changed[14 : HEIGHT - 11].any()
    inked = line(has_long_letters=True) == INK
    assert (isolated[inked & (image == INK)] == INK).mean() > 0.99


@pytest.mark.parametrize("grey", [0, PAPER, 255])
@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (64, 2)])
def test_pictures_without_ink_and_tiny_ones_stay(grey, shape):
    image = np.full(shape, grey, np.uint8)
    np.testing.assert_array_equal(isolate_line(image), image)


def test_ink_that_all_touches_the_edges_stays():
    """Nobody can tell which of it is the line."""
    image = line()[30:50].copy()
    image[:, 300] = INK
    np.testing.assert_array_equal(isolate_line(image), image)


def test_files_and_arrays_are_isolated_in_both_polarities(tmp_path):
    expected = columns_of_array(line(), 4_000)
    for name, image in (("a", line(has_neighbours=True)), ("b", 255 - line(has_neighbours=True))):
        Image.fromarray(image).save(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.gt.txt").write_text("x")
        np.testing.assert_array_equal(columns_of_array(image, 4_000), expected)
        (single,) = read_lines(tmp_path / f"{name}.png", Skipped())
        np.testing.assert_array_equal(single.columns, expected)
    for image in read(tmp_path, Skipped()):
        np.testing.assert_array_equal(image.columns, expected)


SIDES = {"all": (5, 5, 5, 5), "top": (6, 0, 0, 0), "bottom": (0, 9, 0, 0), "ends": (0, 0, 4, 4), "corner": (3, 0, 0, 7)}


def framed(image, top, bottom, left, right, grey=0):
    """Covered at the edges, as by a scanner's lid."""
    image = image.copy()
    height, width = image.shape
    image[:top] = image[height - bottom :] = grey
    image[:, :left] = image[:, width - right :] = grey
    return image


@pytest.mark.parametrize("sides", SIDES)
@pytest.mark.parametrize("grey", [0, 90])
def test_a_frame_becomes_paper_and_letters_that_touch_it_stay(sides, grey):
    image = framed(line(has_long_letters=True), *SIDES[sides], grey)
    expected = framed(line(has_long_letters=True), *SIDES[sides], PAPER)
    np.testing.assert_array_equal(isolate_line(image), expected)
    np.testing.assert_array_equal(without_frame(image), expected)
    columns = tf.constant(image.T / 255.0, tf.float32)
    np.testing.assert_allclose(dark_frame.without_frame(columns), expected.T / 255.0, atol=1e-6)


@pytest.mark.parametrize("sides", [(0, 0, 5, 0), (0, 0, 0, 3), (30, 30, 0, 0), (0, 0, 0, 0)])
def test_one_upright_stroke_is_a_letter_and_what_is_mostly_dark_no_frame(sides):
    image = framed(line(), *sides)
    assert without_frame(image) is image
    columns = tf.constant(image.T / 255.0, tf.float32)
    np.testing.assert_array_equal(dark_frame.without_frame(columns), columns)


@pytest.mark.parametrize("sides", [(6, 0, 0, 0), (0, 4, 0, 0)])
def test_one_level_stroke_over_a_short_text_stays(sides):
    image = framed(line()[:, :100], *sides)
    assert without_frame(image) is image
    columns = tf.constant(image.T / 255.0, tf.float32)
    np.testing.assert_array_equal(dark_frame.without_frame(columns), columns)
