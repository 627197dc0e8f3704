"""Letters get one size, whatever the resolution, the pen and the box."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from seqapp.datasets.image.line_height import ink_extent, level, to_columns
from seqapp.features.image import line_extent
from seqapp.features.image.line_image import corpus_columns, line_features, to_float
from seqapp.recipe import LineImageConfig
from seqapp.recipe.rules import CORPUS_EXTENT, CORPUS_HEIGHT
from tests.small_lines import INK, PAPER, draw_line

DAMAGES = {
    "grain": lambda x: np.clip(x + np.random.default_rng(0).normal(0, 25, x.shape), 0, 255).astype(np.uint8),
    "specks": lambda x: np.where(np.random.default_rng(0).uniform(size=x.shape) < 0.02, 0, x).astype(np.uint8),
    "ruled": lambda x: np.where((np.arange(len(x)) % 25 < 2)[:, np.newaxis], x // 2, x),
    "frame": lambda x: np.pad(x, 5, constant_values=0),
    "margins": lambda x: np.pad(x, ((60, 60), (0, 0)), constant_values=PAPER),
    "neighbours": lambda x: np.concatenate([x[-24:, ::-1], x, x[:24, ::-1]]),
    "shadow": lambda x: (x * np.linspace(1, 0.4, x.shape[1])).astype(np.uint8),
    "negative": lambda x: 255 - x,
}


@pytest.mark.parametrize("size", [20, 64, 120])
def test_resolution_hardly_matters(size):
    found, wanted = to_columns(draw_line("une ligne gelée", size)), to_columns(draw_line("une ligne gelée", 32))
    assert found.shape[1] == CORPUS_HEIGHT and found.dtype == np.uint8
    assert len(found) == pytest.approx(len(wanted), rel=0.08)


def test_small_pictures_are_sharpened_and_those_of_pages_are_not():
    """A stroke of few pixels is darker, and the paper beside it clearer."""
    image = draw_line("une ligne gelée", 9)
    sharp, soft = to_columns(image), to_columns(image, is_cut_out=True)
    assert sharp.shape == soft.shape and sharp.astype(float).std() > 1.05 * soft.astype(float).std()
    image = draw_line("une ligne gelée", 50)
    np.testing.assert_array_equal(to_columns(image), to_columns(image, is_cut_out=True))


def test_a_larger_box_changes_the_width_only_by_its_margins():
    image = draw_line("une ligne")
    boxed = np.pad(image, ((40, 70), (0, 0)), constant_values=PAPER)
    np.testing.assert_allclose(to_columns(boxed).astype(int), to_columns(image), atol=60)
    assert abs(to_columns(boxed).astype(int) - to_columns(image)).mean() < 2


def test_ruled_paper_does_not_change_the_size():
    image = draw_line("une ligne")
    ruled = image.copy()
    ruled[-8:-6] = np.minimum(ruled[-8:-6], 120)
    assert ink_extent(ruled) == pytest.approx(ink_extent(image), rel=0.05)


def test_what_is_blank_keeps_its_frame():
    blank = np.full((32, 100), PAPER, np.uint8)
    assert ink_extent(blank) == (16, 4)
    assert to_columns(blank).shape == (200, CORPUS_HEIGHT) and np.unique(to_columns(blank)).tolist() == [PAPER]


@pytest.mark.parametrize("text", ["une ligne gelée", "puis la deuxième"])
def test_clean_lines_are_scaled_as_those_that_were_cut_out_of_pages(text):
    image = draw_line(text, 50)
    np.testing.assert_array_equal(to_columns(image), to_columns(image, is_cut_out=True))


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_does_not_change_the_size(damage):
    image = draw_line("une ligne gelée, puis la deuxième", 50)
    assert len(to_columns(DAMAGES[damage](image))) == pytest.approx(len(to_columns(image)), rel=0.1)


def test_a_line_that_slopes_is_levelled():
    image = draw_line("une ligne gelée, puis la deuxième", 50)
    turned = np.asarray(Image.fromarray(image).rotate(-4, Image.Resampling.BICUBIC, expand=True, fillcolor=PAPER))
    straight = to_columns(turned)
    assert len(straight) == pytest.approx(len(to_columns(image)), rel=0.07)
    assert len(to_columns(turned, is_cut_out=True)) < 0.75 * len(straight)


def test_what_is_level_or_short_is_not_touched():
    for image in (draw_line("une ligne gelée, puis la deuxième", 50), draw_line("gl", 50)):
        np.testing.assert_array_equal(level(image), image)


def test_light_ink_on_grey_paper_is_turned():
    image = (120 + 0.5 * draw_line("une ligne")).astype(np.uint8)
    np.testing.assert_array_equal(to_columns(255 - image), to_columns(image))


@pytest.mark.parametrize("text", ["-", "_", "l", ".", "l'", "une"])
def test_small_texts_keep_ink_for_the_features(text):
    columns = to_columns(draw_line(text, 50))
    frames = line_features(to_float(columns), LineImageConfig(kind="even")).numpy()
    assert (frames > 0.6).sum() > 30


@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 20)), elements=st.integers(0, 255)))
@settings(deadline=None, max_examples=30)
def test_any_pixels_become_columns(image):
    columns = to_columns(image)
    assert columns.shape[1] == CORPUS_HEIGHT and len(columns) >= 1


def test_no_pixels_are_refused():
    with pytest.raises(ValueError, match="no pixels: 0 x 5"):
        to_columns(np.zeros((5, 0), np.uint8))


@pytest.mark.parametrize(
    "image",
    [
        draw_line("une ligne gelée"),
        draw_line("x", 50),
        draw_line("une ligne gelée", 9),
        np.full((9, 30), INK, np.uint8),
        *(damage(draw_line("une ligne gelée, puis la deuxième", 50)) for damage in DAMAGES.values()),
    ],
)
def test_the_graph_finds_the_ink_where_numpy_does(image):
    inked = line_extent.darkness(to_float(image.T))
    np.testing.assert_allclose([float(x) for x in line_extent.ink_extent(inked)], ink_extent(image), rtol=1e-3)
    found, wanted = corpus_columns(to_float(image.T), CORPUS_HEIGHT, CORPUS_EXTENT).numpy(), to_columns(image) / 255
    assert abs(len(found) - len(wanted)) <= 1
    length = min(len(found), len(wanted))
    assert image.std() == 0 or np.corrcoef(found[:length].ravel(), wanted[:length].ravel())[0, 1] > 0.98
