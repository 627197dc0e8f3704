"""Lines found across the rulings of a table are cut there; margin lines, letters and edges cut nothing."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.line_finder.rulings import cut_at_rulings

ROWS = range(60, 360, 40)


def drawn(words, rulings, lean=0.0, colour=90, top=20):
    """A page of rows that have words from x to x, and rulings at some x, leaning by columns a row."""
    image = Image.new("L", (400, 400), 225)
    draw = ImageDraw.Draw(image)
    for x in rulings:
        draw.line([(x + lean * (top - 200), top), (x + lean * 180, 380)], colour, 2)
    for y in ROWS:
        for start, end in words:
            for x in range(start, end - 5, 6):
                draw.line([(x, y), (x + 3, y - 12), (x + 6, y)], 40, 2)
    return np.array(image)


def line(y, start=30, end=370):
    return FoundLine(np.array([[start, y], [200, y + 1], [end, y]], float), 15.0, 6.0, 0.8)


def cells(page, lines=None):
    """From where to where the pieces of each line are, of all that have the same number the median."""
    found = cut_at_rulings(lines or [line(y) for y in ROWS], page)
    rows = [[piece for piece in found if abs(piece.baseline[0, 1] - y) < 5] for y in ROWS]
    assert len({len(row) for row in rows}) == 1
    assert all((piece.above, piece.below, piece.confidence) == (15.0, 6.0, 0.8) for piece in found)
    return np.median([[piece.baseline[[0, -1], 0] for piece in row] for row in rows], axis=0).tolist()


@pytest.mark.parametrize("lean", [0.0, 0.06, -0.06])
def test_each_cell_gets_its_own_line_that_ends_with_its_ink(lean):
    page = drawn([(40, 110), (150, 200), (300, 360)], [130, 250], lean)
    expected = [[30, 114], [146, 204], [296, 370]]
    np.testing.assert_allclose(cells(page), expected, atol=5)


def test_an_empty_cell_has_no_line():
    page = drawn([(40, 110), (300, 360)], [130, 170, 250])
    np.testing.assert_allclose(cells(page), [[30, 114], [296, 370]], atol=5)


def test_a_ruling_through_a_word_cuts_nothing():
    page = drawn([(40, 360)], [200])
    assert cells(page) == [[30, 370]]


def test_squared_paper_cuts_nothing_though_some_words_begin_at_a_square():
    page = drawn([(40, 360)], range(60, 350, 20))
    for y, x in zip(ROWS, (80, 160, 240, 100, 300, 200, 140, 260)):
        page[y - 14 : y + 2, x - 9 : x - 1] = 225
    assert cells(page) == [[30, 370]]


def test_what_is_no_ruling_cuts_nothing():
    words = [(40, 170), (230, 360)]
    assert cells(drawn(words, [])) == [[30, 370]]
    assert cells(drawn(words, [200], colour=215)) == [[30, 370]], "the squares of the paper"
    short = drawn(words, [])
    short[60:130, 199:202] = 60
    assert len(cut_at_rulings([line(y) for y in ROWS], short)) == len(ROWS), "a bracket beside two lines"
    edge = drawn(words, [])
    edge[:, 200:] -= 60
    assert cells(edge) == [[30, 370]], "a sheet that lies on another one"


def test_shadow_and_pages_without_lines_are_no_hindrance():
    page = drawn([(40, 110), (150, 360)], [130]).astype(float) * np.linspace(0.5, 1, 400)
    np.testing.assert_allclose(cells(page.astype(np.uint8)), [[30, 114], [146, 370]], atol=5)
    assert cut_at_rulings([], page.astype(np.uint8)) == []
    outside = FoundLine(np.array([[-20.0, -30.0], [500.0, -30.0]]), 15.0, 6.0)
    assert cut_at_rulings([outside], page.astype(np.uint8)) == [outside]
    assert len(cut_at_rulings([line(5)], np.full((9, 9), 200, np.uint8))) == 1
