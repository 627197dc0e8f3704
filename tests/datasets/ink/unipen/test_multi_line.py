import numpy as np
import pytest

from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.unipen.multi_line import is_multi_line


def letters(x, y, count, height=10):
    """Zigzag strokes side by side, eight points and ten wide each."""
    zigzag = np.stack([np.linspace(0, 8, 8), height * (np.arange(8) % 2)], axis=1)
    return [zigzag + (x + 10 * i, y) for i in range(count)]


def multi(strokes, text="a b"):
    return is_multi_line(Ink.from_strokes("x", strokes, text))


def test_a_row_is_one_line():
    assert not multi(letters(0, 0, 20))


def test_a_return_to_the_left_with_a_step_down_makes_two():
    assert multi(letters(0, 0, 6) + letters(0, 20, 6))


def test_a_late_dot_above_the_row_does_not():
    assert not multi(letters(0, 0, 6) + [np.array([[5.0, -6], [5, -5], [6, -5]])])


def test_a_column_without_jumps_back_is_told_by_its_height():
    column = letters(0, 0, 2) + letters(20, 40, 2) + letters(40, 80, 2)
    assert multi(column)
    assert not multi(column, text="word")


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_the_unit_does_not_matter(scale):
    strokes = [scale * stroke for stroke in letters(0, 0, 6) + letters(0, 20, 6)]
    assert multi(strokes)
    assert not multi(strokes[:6])


def test_a_dot_is_one_line():
    assert not multi([np.array([[1.0, 1]])])
