"""An ink on several lines is one ink per line; marks stay with their line, and one line stays whole."""

import numpy as np

from seqapp.datasets.ink.ink import Ink, check
from seqapp.datasets.ink.line_division import divide_lines, lines_of, lines_of_list, side_by_side
from seqapp.datasets.ink.synthetic_ink.pen import write

PITCH = 130.0  # x-heights of 40 units, with ascenders and descenders


def written(*texts, underline=False):
    """Words one under the other by one synthetic hand, and a line under the last."""
    strokes = []
    for number, text in enumerate(texts):
        points = write(text, style=3, seed=number) + np.float32([0, number * PITCH, 20 * number, 0])
        strokes += Ink("a", points).strokes()
    if underline:
        below = PITCH * (len(texts) - 1) + 45
        strokes.append(np.float32([[x, below, 90 + x / 100] for x in range(0, 200, 10)]))
    return Ink.from_strokes("a", strokes)


def test_words_one_under_the_other_are_lines_in_their_order():
    ink = written("hello there", "is it", "writing")
    lines = list(divide_lines([ink]))
    assert [line.id for line in lines] == ["a/line_1", "a/line_2", "a/line_3"]
    assert all(check(line) is None and line.points[0, 2] == 0 for line in lines)
    assert sum(len(line.points) for line in lines) == len(ink.points)
    tops = [line.points[:, 1].mean() for line in lines]
    np.testing.assert_allclose(np.diff(tops), PITCH, atol=40)


def test_an_underline_belongs_to_what_it_underlines():
    lines = lines_of(written("hello", "there", underline=True).strokes())
    assert len(lines) == 2 and len(lines[1][-1]) == 20


def test_a_label_or_a_single_line_is_left_whole():
    stacked = written("hello", "there")
    labelled = Ink("b", stacked.points, text="hello there")
    single = written("it is a fine day, isn't it?")
    assert list(divide_lines([labelled, single])) == [labelled, single]


def test_signs_of_strokes_one_under_the_other_are_no_lines():
    dash = np.float32([[x, 0, 0] for x in range(20)])
    for shifts in ([0, 10], [0, 8, 16]):
        strokes = [dash + np.float32([0, shift, shift]) for shift in shifts]
        assert len(lines_of(strokes)) == 1
    colon = [np.float32([[0, y, y], [1, y + 1, y]]) for y in (0, 30)]
    assert len(lines_of(colon)) == 1


def widths_and_middles(lines):
    points = [np.concatenate(line) for line in lines]
    return [np.ptp(line[:, 0]) for line in points], [np.median(line[:, 1]) for line in points]


def test_the_lines_of_a_list_stand_side_by_side_in_their_order():
    ink = written("hello there", "is it", "writing")
    lines = lines_of_list(ink)
    assert [len(line) for line in lines] == [len(line) for line in lines_of(ink.strokes())]
    line = side_by_side(ink, lines)
    assert check(line) is None and line.points.shape == ink.points.shape
    np.testing.assert_array_equal(line.points[:, 2:], ink.points[:, 2:])  # times and ends of strokes
    assert len(lines_of_list(line)) == 1
    strokes = line.strokes()
    ends = np.cumsum([len(line) for line in lines])
    moved = [strokes[start:end] for start, end in zip([0, *ends], ends)]
    widths, middles = widths_and_middles(moved)
    np.testing.assert_allclose(widths, widths_and_middles(lines)[0], rtol=1e-4)
    np.testing.assert_allclose(middles, middles[0], atol=20)
    for before, after in zip(moved, moved[1:]):
        assert np.concatenate(after)[:, 0].min() - np.concatenate(before)[:, 0].max() > 10


def test_words_that_stand_like_stairs_are_lines_of_a_list():
    strokes = []
    for number, text in enumerate(["one", "two", "three"]):
        points = write(text, style=3, seed=number) + np.float32([300 * number, PITCH * number, 20 * number, 0])
        strokes += Ink("a", points).strokes()
    assert len(lines_of_list(Ink.from_strokes("a", strokes))) == 3


def test_a_list_goes_on_at_the_top_of_its_next_column():
    strokes = []
    for number, place in enumerate([(0, 0), (0, 1), (0, 2), (1, 0)]):
        shift = np.float32([500 * place[0], PITCH * place[1], 20 * number, 0])
        strokes += Ink("a", write("word", style=3, seed=number) + shift).strokes()
    assert len(lines_of_list(Ink.from_strokes("a", strokes))) == 4


def test_a_single_line_is_not_moved():
    ink = written("it is a fine day")
    assert side_by_side(ink, lines_of_list(ink)) is ink


def test_an_ink_without_strokes_stays():
    ink = Ink("a", np.zeros((0, 4), np.float32))
    assert side_by_side(ink, lines_of_list(ink)) is ink
