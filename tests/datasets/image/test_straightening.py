"""A line is cut out as it stands, wherever and however it lies on the page."""

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image.page import TextLine
from seqapp.datasets.image.straightening import local_paper, sample, straighten
from tests.small_lines import INK, LINES, PAPER, draw_page

PAGE, SHAPES = draw_page()
NOWHERE = np.zeros((0, 2))


def line(number=0, baseline=True):
    polygon, base = (np.array(points, float) for points in SHAPES[number])
    return TextLine(f"l{number}", polygon, base if baseline else NOWHERE, LINES[number])


def test_a_level_line_is_a_plain_crop():
    polygon = line().polygon
    (left, top), (right, bottom) = polygon.min(axis=0).astype(int), polygon.max(axis=0).astype(int)
    crop = PAGE[top:bottom, left:right]
    for found in (straighten(PAGE, line()), straighten(PAGE, line(baseline=False))):
        np.testing.assert_array_equal(found, crop)


def test_neighbours_are_replaced_by_paper():
    tall = line(1)
    polygon = tall.polygon + [[0, -30], [0, -30], [0, 30], [0, 30]]
    notched = np.array([*polygon[:2], *tall.polygon[1:3], *polygon[2:], tall.polygon[3], tall.polygon[0]])
    found = straighten(PAGE, TextLine("l", notched, tall.baseline))
    assert found.shape[0] > straighten(PAGE, tall).shape[0]
    outside = TextLine("l", tall.polygon, tall.baseline)
    page = PAGE.copy()
    page[: int(tall.polygon[0, 1]) - 1] = INK  # a blot where the neighbour is
    np.testing.assert_array_equal(straighten(page, outside), straighten(PAGE, outside))


@pytest.mark.parametrize("degrees", [-20, 7, 90])
def test_a_turned_page_gives_the_same_line(degrees):
    image = Image.fromarray(np.pad(PAGE, 200, constant_values=PAPER))
    turned = np.asarray(image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=PAPER))
    middle, angle = np.array(image.size) / 2, -np.deg2rad(degrees)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    polygon, baseline = (200 + points - middle for points in (line().polygon, line().baseline))
    there = TextLine("l", polygon @ matrix + middle, baseline @ matrix + middle)
    found, wanted = straighten(turned, there).astype(float), straighten(PAGE, line()).astype(float)
    rows, columns = (min(a, b) for a, b in zip(found.shape, wanted.shape))
    best = max(
        np.corrcoef(found[i:, j:][: rows - 2, : columns - 2].ravel(), wanted[: rows - 2, : columns - 2].ravel())[0, 1]
        for i in range(min(3, found.shape[0] - rows + 3))
        for j in range(min(3, found.shape[1] - columns + 3))
    )
    assert best > 0.9


def test_bends_of_the_baseline_are_pushed_flat():
    bend = np.round(12 * np.sin(np.arange(PAGE.shape[1]) / 60)).astype(int)
    bent = np.full((PAGE.shape[0] + 40, PAGE.shape[1]), PAPER, np.uint8)
    for x, shift in enumerate(bend):
        bent[20 + shift : 20 + shift + PAGE.shape[0], x] = PAGE[:, x]
    polygon, x = line().polygon, np.arange(20, 380, 4)
    level = line().baseline[0, 1] + 20
    around = [(a, b + 20 + bend[int(a)]) for a, b in polygon]
    upper = [(a, polygon[0, 1] + 20 + bend[a]) for a in range(int(polygon[0, 0]), int(polygon[1, 0]), 3)]
    lower = [(a, polygon[2, 1] + 20 + bend[a]) for a in range(int(polygon[1, 0]), int(polygon[0, 0]), -3)]
    assert len(around) == 4
    baseline = np.column_stack([x, level + bend[x]])
    found = straighten(bent, TextLine("l", np.array([*upper, *lower], float), baseline.astype(float)))
    assert abs(found.shape[0] - straighten(PAGE, line()).shape[0]) <= 8
    rows = np.flatnonzero((found < 120).any(axis=1))
    wanted = np.flatnonzero((straighten(PAGE, line()) < 120).any(axis=1))
    assert abs(np.ptp(rows) - np.ptp(wanted)) <= 4


def test_a_polygon_may_reach_beyond_the_page_but_not_lie_outside():
    beyond = TextLine("l", line().polygon + [[-100, -100], [500, -100], [500, 5], [-100, 5]], line().baseline)
    assert straighten(PAGE, beyond).shape[1] == PAGE.shape[1]
    for shift in ([0, 1000], [-1000, 0]):
        with pytest.raises(ValueError, match="outside the page"):
            straighten(PAGE, TextLine("l", line().polygon + shift, line().baseline))


@pytest.mark.parametrize("polygon", [NOWHERE, np.array([[1.0, 1.0], [5.0, 5.0]])])
def test_no_polygon_is_named(polygon):
    with pytest.raises(ValueError, match="no polygon"):
        straighten(PAGE, TextLine("l", polygon, NOWHERE))


def test_one_pixel_is_a_line_too():
    found = straighten(PAGE, TextLine("l", np.array([[5.0, 5], [6, 5], [6, 6], [5, 6]]), NOWHERE))
    assert found.shape == (1, 1) and found[0, 0] == PAPER


def test_sampling_reads_pixels_at_their_middles():
    x, y = np.meshgrid(np.arange(PAGE.shape[1]) + 0.5, np.arange(PAGE.shape[0]) + 0.5)
    np.testing.assert_array_equal(sample(PAGE, x, y), PAGE)
    np.testing.assert_allclose(sample(np.uint8([[0, 100]]), np.array([1.0]), np.array([0.5])), [50.0])


def test_paper_follows_a_shadow_along_the_line():
    shadow = np.tile(np.linspace(250, 150, 640).astype(np.uint8), (20, 1))
    found = local_paper(shadow, np.ones(shadow.shape, bool))
    np.testing.assert_allclose(found[40:-40], shadow[0, 40:-40], atol=6)
