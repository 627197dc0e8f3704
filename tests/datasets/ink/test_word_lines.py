"""Words set side by side: one baseline, one size, one writer, every word once."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqapp.datasets.ink.ink import PEN_UP, TIME_S, Ink, X, Y
from seqapp.datasets.ink.word_lines import GAPS, MOST_WORDS, SWING, word_lines, write_side_by_side, writing_size


def word(text, size=1.0, x=0.0, y=0.0, writer="w", timed=True):
    """Boxes as letters: small ones 10 times `size` high, baseline `y`, one stroke a letter."""
    strokes, time_s = [], 0.0
    for place, letter in enumerate(text):
        top = -18.0 if letter in "bdfhklt" or letter.isupper() else -10.0
        bottom = 7.0 if letter in "gjpqy" else 0.0
        edges = np.array([[0, top], [0, bottom], [6, bottom], [6, top], [0, top]], np.float64)
        times = time_s + 0.01 * np.arange(len(edges)) * timed
        strokes.append(np.column_stack([edges * size + [x + 8.0 * size * place, y], times]))
        time_s += 0.1 * timed
    return Ink.from_strokes(f"{text}_{writer}", strokes, text, writer)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["on", "dog", "Tall"])), max_size=40), st.integers(0, 9)
)
def test_every_word_stands_in_one_line_of_its_writer(drawn, seed):
    words = [word(text, writer=writer) for writer, text in drawn]
    lines = list(word_lines(words, seed))
    placed = [(line.writer_id, text) for line in lines for text in line.text.split()]
    assert Counter(placed) == Counter((ink.writer_id, ink.text) for ink in words)
    assert all(len(line.text.split()) <= MOST_WORDS for line in lines)
    again = list(word_lines(words, seed))
    assert [line.text for line in again] == [line.text for line in lines]
    assert all(np.array_equal(a.points, b.points) for a, b in zip(again, lines))


def test_words_of_unknown_writers_stay_alone():
    assert [line.text for line in word_lines([word("on", writer="") for _ in range(20)], 0)] == ["on"] * 20


@pytest.mark.parametrize("text", ["on", "dog", "tall", "gap", "Dog"])
@pytest.mark.parametrize("size", [0.5, 3.0])
def test_the_next_word_has_the_size_and_the_baseline_of_the_first(text, size):
    first = word("gap", x=100.0, y=20.0)
    line = write_side_by_side([first, word(text, size, -40.0, 300.0)], np.random.default_rng(0))
    np.testing.assert_array_equal(line.points[: len(first.points)], first.points)
    rest = line.points[len(first.points) :]
    height, baseline = writing_size(rest, text)
    assert height == pytest.approx(10.0, rel=0.02)
    assert abs(baseline - 20.0) < 4 * SWING * 10.0
    gap = rest[:, X].min() - first.points[:, X].max()
    assert 0.5 * 10 * GAPS[0] < gap < 1.6 * 10 * GAPS[1]
    assert np.diff(line.points[:, TIME_S]).min() >= 0
    assert line.points[:, PEN_UP].sum() == len("gap") + len(text)


def test_a_line_with_an_untimed_word_is_untimed():
    line = write_side_by_side([word("on"), word("on", timed=False)], np.random.default_rng(0))
    assert not line.points[:, TIME_S].any()


@pytest.mark.parametrize("text", ["on", "dog", "tall", "gap", "DO", "3,5", ""])
def test_sizes_are_those_told_in_the_graph(text):
    from seqapp.features.ink import joining

    points = word("dog" * 10, 2.0, y=50.0).points
    expected = [float(value) for value in joining.writing_size(points, text)]
    np.testing.assert_allclose(writing_size(points, text), expected, rtol=1e-5)


def test_a_flat_word_keeps_its_size():
    flat = Ink.from_strokes("dash", [np.array([[0.0, 5.0], [10.0, 5.0]])], "-", "w")
    line = write_side_by_side([word("on"), flat], np.random.default_rng(0))
    assert np.isfinite(line.points).all() and np.ptp(line.points[-2:, X]) == pytest.approx(10.0)
    assert np.ptp(line.points[-2:, Y]) == 0.0
