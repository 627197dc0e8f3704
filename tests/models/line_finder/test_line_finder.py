"""A line finder asks for maps at a size that suits the page, and gives lines in the page's own pixels."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.image.page_crop import draw_target
from seqapp.models.line_finder.line_finder import FIRST_SIDE, MARGIN, LineFinder
from seqapp.models.line_finder.network import LineFinderNetwork
from seqapp.models.line_finder.page_module import PageModule
from seqapp.recipe import LineFinderConfig

SMALL = LineFinderConfig(stem_channels=(2, 3), width=4, units=2, num_blocks=1)


class Painter:
    """Maps of lines at fixed shares of the page, whatever its size; knows lines of usual heights only."""

    def __init__(self, height_share, knows=(0, 1e9)):
        self.height_share = height_share
        self.knows = knows
        self.num_lines = 3
        self.sides = []

    def __call__(self, page):
        height, width = page.shape
        self.sides.append(max(page.shape) - 2 * MARGIN)
        size = self.height_share * self.sides[-1]
        inner = np.array([width - 2 * MARGIN, height - 2 * MARGIN])
        places = np.linspace(0.2, 0.8, self.num_lines)
        lines = [(np.array([[0.1, y], [0.9, y]]) * inner + MARGIN, 0.7 * size, 0.3 * size) for y in places]
        lines = lines if self.knows[0] <= size <= self.knows[1] else []
        return {"maps": tf.constant(draw_target(lines, height // 8 * 8, width // 8 * 8, 3))}


@pytest.mark.parametrize("shape", [(1600, 1200), (1600, 1200, 3), (640, 480), (300, 900)])
def test_lines_are_told_in_pixels_of_the_picture(shape):
    found = LineFinder(Painter(0.03)).find(np.full(shape, 255, np.uint8))
    assert len(found) == 3
    for line, share in zip(found, (0.2, 0.5, 0.8)):
        np.testing.assert_allclose(line.baseline[:, 1], share * shape[0], atol=0.006 * max(shape))
        np.testing.assert_allclose(line.baseline[[0, -1], 0], [0.1 * shape[1], 0.9 * shape[1]], atol=0.02 * max(shape))
        assert line.above + line.below == pytest.approx(0.03 * max(shape[:2]), rel=0.02)


@pytest.mark.parametrize("height_share, sides", [(0.03, 1), (0.012, 2), (0.08, 2)])
def test_a_page_of_other_heights_is_looked_at_again(height_share, sides):
    painter = Painter(height_share)
    assert len(LineFinder(painter).find(np.zeros((1000, 800), np.uint8))) == 3
    assert len(painter.sides) == sides and painter.sides[0] == FIRST_SIDE
    assert 17 <= height_share * painter.sides[-1] <= 34


def test_huge_letters_are_found_on_a_smaller_picture():
    painter = Painter(0.12, knows=(15, 60))
    assert len(LineFinder(painter).find(np.zeros((1000, 800), np.uint8))) == 3


class Doubter(Painter):
    """A painter whose lines have a number and a confidence that depend on the longer side of the page."""

    def __init__(self, sights):
        super().__init__(0.03)
        self.sights = sights

    def __call__(self, page):
        self.num_lines, confidence = self.sights[max(page.shape) - 2 * MARGIN]
        maps = super().__call__(page)["maps"].numpy()
        maps[..., 0] *= confidence
        return {"maps": tf.constant(maps)}


@pytest.mark.parametrize(
    "sights, chosen",
    [
        ({768: (3, 0.8)}, 768),  # no doubt
        ({768: (3, 0.66), 1152: (5, 0.6)}, 768),  # no surer
        ({768: (6, 0.64), 1152: (7, 0.9)}, 768),  # one more may be print
        ({768: (2, 0.58), 1152: (4, 0.62), 1728: (6, 0.66)}, 1728),  # as long as the picture has more to show
        ({768: (3, 0.6), 1152: (6, 0.9)}, 1152),
    ],
)
def test_a_page_of_doubtful_lines_is_looked_at_more_closely_while_that_helps(sights, chosen):
    doubter = Doubter(sights)
    found = LineFinder(doubter).find(np.zeros((2000, 1500), np.uint8))
    num_lines, confidence = sights[chosen]
    assert len(found) == num_lines and doubter.sides == list(sights)
    assert np.mean([line.confidence for line in found]) == pytest.approx(confidence, rel=0.06)


def test_a_picture_without_any_sure_line_holds_none():
    assert LineFinder(Doubter({768: (3, 0.57), 1152: (3, 0.57)})).find(np.zeros((2000, 1500), np.uint8)) == []


def test_an_empty_page_holds_no_lines():
    assert LineFinder(Painter(0.03, knows=(0, 0))).find(np.full((500, 400), 255, np.uint8)) == []
    assert LineFinder(Painter(0.03)).find(np.zeros((1, 5), np.uint8)) == []


def test_the_graph_takes_any_size_and_knows_of_whole_rows_and_columns():
    keras.utils.set_random_seed(1)  # of some weights float32 keeps nothing of a corner so far away
    network = LineFinderNetwork(SMALL)
    network.build()
    find = PageModule(network).functions()["find"]
    rng = np.random.default_rng(0)
    page = rng.integers(0, 255, (70, 101), np.uint8)
    maps = find(page=page)["maps"].numpy()
    assert maps.shape == (18, 13, 4)
    assert (maps[..., :2] > 0).all() and (maps[..., :2] < 1).all() and (maps[..., 2:] >= 0).all()
    page[:4, :8] = 255 - page[:4, :8]
    changed = np.abs(find(page=page)["maps"].numpy() - maps).max(-1) > 0
    assert changed[0].all() and changed[:, 0].all() and changed[-1, -1]
