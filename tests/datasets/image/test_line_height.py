"""Letters get one size, whatever the resolution, the pen and the box."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqapp.datasets.image.line_height import ink_extent, to_columns
from seqapp.features.image import line_extent
from seqapp.features.image.line_image import corpus_columns, to_float
from seqapp.recipe.rules import CORPUS_EXTENT, CORPUS_HEIGHT
from tests.small_lines import INK, PAPER, draw_line


@pytest.mark.parametrize("size", [20, 64, 120])
def test_resolution_hardly_matters(size):
    found, wanted = to_columns(draw_line("une ligne gelée", size)), to_columns(draw_line("une ligne gelée", 32))
    assert found.shape[1] == CORPUS_HEIGHT and found.dtype == np.uint8
    assert len(found) == pytest.approx(len(wanted), rel=0.08)


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


@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 20)), elements=st.integers(0, 255)))
@settings(deadline=None, max_examples=30)
def test_any_pixels_become_columns(image):
    columns = to_columns(image)
    assert columns.shape[1] == CORPUS_HEIGHT and len(columns) >= 1


def test_no_pixels_are_refused():
    with pytest.raises(ValueError, match="no pixels: 0 x 5"):
        to_columns(np.zeros((5, 0), np.uint8))


@pytest.mark.parametrize("image", [draw_line("une ligne gelée"), draw_line("x", 50), np.full((9, 30), INK, np.uint8)])
def test_the_graph_finds_the_ink_where_numpy_does(image):
    inked = line_extent.darkness(to_float(image.T))
    np.testing.assert_allclose([float(x) for x in line_extent.ink_extent(inked)], ink_extent(image), rtol=1e-3)
    found, wanted = corpus_columns(to_float(image.T), CORPUS_HEIGHT, CORPUS_EXTENT).numpy(), to_columns(image) / 255
    assert abs(len(found) - len(wanted)) <= 1
    length = min(len(found), len(wanted))
    assert image.std() == 0 or np.corrcoef(found[:length].ravel(), wanted[:length].ravel())[0, 1] > 0.98
