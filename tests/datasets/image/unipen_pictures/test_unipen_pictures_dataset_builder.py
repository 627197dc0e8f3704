"""Pen ink drawn as pictures of lines: seeded, in the splits of UNIPEN, and never wider than a line can be."""

import numpy as np
import pytest

from seqapp.datasets.image.unipen_pictures.drawing import LETTER_PX, draw
from seqapp.datasets.image.unipen_pictures.unipen_pictures_dataset_builder import picture_of
from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.load import load, prepare
from seqapp.recipe.rules import CORPUS_HEIGHT
from tests.small_models import scribble


def strokes(*places):
    return Ink.from_strokes("an id", [np.array(stroke, np.float32) for stroke in places], "text").points


CROSS = strokes([(0, 0), (40, 40)], [(0, 40), (40, 0)])


def test_a_seed_draws_one_picture_and_another_seed_another():
    np.testing.assert_array_equal(draw(CROSS, 1), draw(CROSS, 1))
    assert draw(CROSS, 1).mean() != draw(CROSS, 2).mean()


def test_ink_lies_where_the_pen_was_down_and_nowhere_else():
    picture = draw(CROSS, 0).astype(float)
    height, width = picture.shape
    dark = picture < (picture.min() + np.median(picture)) / 2
    rows, columns = np.nonzero(dark)
    assert abs(rows.mean() - height / 2) < 3 and abs(columns.mean() - width / 2) < 3
    assert dark[height // 2 - 1 : height // 2 + 2, width // 2 - 1 : width // 2 + 2].all()
    assert not dark[height // 2, : width // 4].any()  # between two arms: the pen was up on its way


def test_letters_are_of_one_size_whatever_the_unit():
    small, large = draw(CROSS, 0), draw(CROSS * np.array([1000.0, 1000.0, 1.0, 1.0], np.float32), 0)
    np.testing.assert_array_equal(small, large)
    assert small.shape[0] > LETTER_PX


@pytest.mark.parametrize("places", [[[(3, 3)]], [[(0, 0), (0, 0)]], [[(0, 5), (100, 5)]], [[(5, 0), (5, 100)]]])
def test_dots_and_straight_strokes_are_drawn(places):
    line = picture_of(Ink("dot", strokes(*places), "."))
    assert line.columns.shape[1] == CORPUS_HEIGHT and line.columns.min() < 200


@pytest.mark.parametrize("place", [(1e9, 0), (0, 1e9), (1e9, 1e9)])
def test_a_point_far_away_does_not_cost_memory(place):
    assert draw(strokes(*[[(n % 7, n % 5)] for n in range(500)], [place]), 0).size < 1e7


def test_inks_of_a_distribution_become_line_images(tmp_path):
    root = tmp_path / "mine"
    points = "\n".join(f"{x} {y:g}" for x, y in scribble(30)[:, :2])
    for name, text in {
        "include/cea/data/a.dat": f".WRITER_ID w\n.PEN_DOWN\n{points}\n.PEN_UP\n",
        "data/8/cea/a.dat": '.INCLUDE cea/data/a.dat\n.SEGMENT TEXT 0 OK "word"\n',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    builder = prepare("unipen_pictures", root, tmp_path / "cache")
    assert sum(info.num_examples for info in builder.info.splits.values()) == 1
    (example,) = load("unipen_pictures", "all", root, tmp_path / "cache").as_numpy_iterator()
    assert example["text"] == b"word" and example["columns"].shape[1] == CORPUS_HEIGHT
    (ink,) = load("unipen/lines", "all", root, tmp_path / "cache").as_numpy_iterator()
    assert (ink["writer_id"], ink["id"]) == (example["writer_id"], example["id"])
