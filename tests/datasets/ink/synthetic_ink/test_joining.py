"""The order of writing: joined letters, pen lifts, and dots and bars after the word."""

import dataclasses

import numpy as np
import pytest

from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.synthetic_ink import Style, write

X, Y, TIME_S = range(3)
COPYBOOK = Style(lift=0.0, late_at_once=0.0, slope=0.0, wander=0.0, size_drift=0.0, sloppiness=0.0)


def strokes(text, style=COPYBOOK, seed=0):
    return Ink("", write(text, style, seed)).strokes()


@pytest.mark.parametrize("word", ["hello", "amazon", "burgundy", "vow", "quackery", "flows", "zebra", "pond"])
def test_a_word_without_dots_and_bars_is_one_stroke(word):
    for writer in range(10):
        style = dataclasses.replace(Style.of_writer(writer), lift=0.0, printing=0.0)
        assert len(strokes(word, style)) == 1


@pytest.mark.parametrize("word, late", [("minimum", 2), ("jinx", 3), ("taxi", 3), ("letter", 2)])
def test_dots_bars_and_crosses_follow_their_word(word, late):
    body, *marks = strokes(word)
    assert len(marks) == late
    lefts = [mark[:, X].min() for mark in marks]
    assert lefts == sorted(lefts)
    assert all(np.ptp(mark[:, X]) < 0.5 * np.ptp(body[:, X]) for mark in marks)


def test_dots_are_written_before_the_next_word_and_hang_above_their_letters():
    body, dot, other = strokes("in us")
    assert dot[:, Y].max() < body[:, Y].min()
    assert dot[0, TIME_S] < other[0, TIME_S]
    assert other[:, X].min() > body[:, X].max()


def test_a_writer_who_dots_at_once_does_so_wherever_the_pen_is_lifted():
    style = dataclasses.replace(COPYBOOK, printing=1.0, late_at_once=1.0)
    stem, dot, arch = strokes("in", style)
    assert dot[:, Y].max() < stem[:, Y].min()
    assert np.ptp(arch[:, Y]) > 0.5 * style.size


def test_pen_lifts_part_a_word():
    lifting = dataclasses.replace(COPYBOOK, lift=1.0)
    assert len(strokes("hello", lifting)) == 5
    assert len(strokes("hello", dataclasses.replace(COPYBOOK, printing=1.0))) == 5


def test_capitals_run_on_only_where_they_end_at_the_baseline():
    style = dataclasses.replace(COPYBOOK, printed_capitals=0.0, join_capital=1.0)
    assert len(strokes("An", style)) == 1
    assert len(strokes("Do", style)) == 2
    assert len(strokes("An", dataclasses.replace(style, join_capital=0.0))) == 2
