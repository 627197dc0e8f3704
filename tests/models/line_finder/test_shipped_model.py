"""The shipped line finder: lines of a drawn page are found, on an empty one there are none."""

from pathlib import Path

import numpy as np
import pytest

from seqapp.evaluation.page_lines import compare_lines
from seqapp.models.line_finder.line_finder import LineFinder
from seqapp.serving.server.loaded_models.saved_graph import SavedGraph
from tests.small_pages import drawn_page

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[3] / "saved_models" / "pages"


@pytest.fixture(scope="module")
def line_finder():
    return LineFinder.load(FOLDER)


def test_lines_of_a_drawn_page_are_found_in_order(line_finder):
    page, lines = drawn_page()
    found = line_finder.find(page)
    counts = compare_lines([baseline for baseline, _, _ in lines], [line.baseline for line in found], 20.0)
    assert (counts.found, counts.missed, counts.spurious) == (3, 0, 0)
    assert all(a.baseline[:, 1].max() < b.baseline[:, 1].min() for a, b in zip(found, found[1:]))
    assert line_finder.name == "pages/1"


def test_a_negative_has_the_lines_of_its_positive(line_finder):
    page, _ = drawn_page()
    for line, other in zip(line_finder.find(page), line_finder.find(255 - page), strict=True):
        np.testing.assert_array_equal(line.baseline, other.baseline)


def test_nothing_is_found_on_an_empty_page(line_finder):
    assert line_finder.find(np.full((500, 400), 240, np.uint8)) == []
    assert line_finder.find(np.full((300, 400, 3), 40, np.uint8)) == []
    noise = np.random.default_rng(0).normal(230, 4, (500, 400))
    assert line_finder.find(np.clip(noise, 0, 255).astype(np.uint8)) == []


def test_a_session_gives_the_same_maps_as_a_server_runs_it(line_finder):
    page = drawn_page()[0]
    maps = SavedGraph(FOLDER / "1").function("find")({"page": page})["maps"]
    np.testing.assert_allclose(maps, line_finder._maps(page)["maps"], atol=1e-4)
