"""The written ink: its format, its geometry and its clock."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.datasets.ink.ink import Ink, check
from seqapp.datasets.ink.synthetic_ink import Style, write
from seqapp.datasets.ink.synthetic_ink.glyphs import CHARACTERS

X, Y, TIME_S, PEN_UP = range(4)
VISIBLE = CHARACTERS.strip()
COPYBOOK = Style(lift=0.0, late_at_once=0.0, slope=0.0, wander=0.0, size_drift=0.0, sloppiness=0.0)


def strokes(text, style=COPYBOOK, seed=0):
    return Ink("", write(text, style, seed)).strokes()


texts = st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=20).filter(str.strip)


@settings(deadline=None, max_examples=60)
@given(text=texts, writer=st.integers(0, 3000), seed=st.integers(0, 2**31))
def test_any_text_by_any_writer_is_usable_ink(text, writer, seed):
    points = write(text, writer, seed)
    assert points.dtype == np.float32
    assert check(Ink("", points)) is None
    assert points[0, TIME_S] == 0.0
    assert (np.diff(points[:, TIME_S]) > 0.0).all()
    assert points[:, PEN_UP].sum() >= len(text.split())


@pytest.mark.parametrize("character", VISIBLE)
def test_every_character_can_be_written_alone(character):
    for writer in (0, 1, 2):
        assert len(write(character, writer)) >= 2


@settings(deadline=None, max_examples=15)
@given(text=texts, writer=st.integers(0, 3000), seed=st.integers(0, 1000))
def test_the_same_seed_gives_the_same_ink(text, writer, seed):
    np.testing.assert_array_equal(write(text, writer, seed), write(text, writer, seed))


def test_another_seed_another_writer_and_another_text_give_other_ink():
    inks = [write("hello", 1, 1), write("hello", 1, 2), write("hello", 2, 1), write("hells", 1, 1)]
    assert len({ink.tobytes() for ink in inks}) == 4


def test_y_grows_down_from_ascenders_over_the_x_height_to_descenders():
    size = COPYBOOK.size
    ascender, low, descender = (strokes(letter)[0][:, Y] for letter in "lag")
    assert ascender.min() < low.min() - 0.8 * size
    assert descender.max() > low.max() + 0.8 * size
    assert np.ptp(low) == pytest.approx(size, rel=0.15)


def test_letters_follow_each_other_to_the_right():
    middles = [stroke[:, X].mean() for stroke in strokes("a b c d e 1 2 3")]
    assert middles == sorted(middles)


def test_positive_slant_leans_the_top_to_the_right():
    def lean(slant):
        stem = strokes("I", dataclasses.replace(COPYBOOK, slant=slant, printed_capitals=1.0, tremor=0.0))[0]
        return np.polyfit(stem[:, Y], stem[:, X], 1)[0]

    assert lean(0.3) - lean(0.0) == pytest.approx(-0.3, abs=0.1)


def test_points_come_at_about_a_hundred_a_second():
    for writer in range(10):
        points = write("regular", writer)
        inside = np.diff(points[:, TIME_S])[points[:-1, PEN_UP] == 0.0]
        assert np.median(inside) == pytest.approx(0.01, rel=0.1)


def test_a_fast_writer_takes_less_time():
    slow, fast = (write("hurry", dataclasses.replace(COPYBOOK, speed=speed)) for speed in (10.0, 40.0))
    assert slow[-1, TIME_S] > 3.0 * fast[-1, TIME_S]


def test_the_text_must_be_writable():
    with pytest.raises(ValueError, match="ß"):
        write("Straße")
    with pytest.raises(ValueError, match="at least one character"):
        write("  ")
