"""A writer's letters: the same every time, unlike another writer's."""

import dataclasses

import numpy as np

from seqapp.datasets.ink.synthetic_ink.glyphs import X_HEIGHT, joined_forms, plain_form
from seqapp.datasets.ink.synthetic_ink.hand import bent, own_glyph
from seqapp.datasets.ink.synthetic_ink.style import Style, writer_name


def test_a_hand_is_fixed_by_the_writer():
    assert Style.of_writer(5) == Style.of_writer(5)
    assert len({Style.of_writer(number) for number in range(50)}) == 50
    first = own_glyph(Style.of_writer(5), "a").body[0]
    own_glyph.cache_clear()
    np.testing.assert_array_equal(first, own_glyph(Style.of_writer(5), "a").body[0])


def test_two_writers_bend_a_letter_differently():
    letters = [own_glyph(Style(writer=number), "c").body[0] for number in (1, 2)]
    assert letters[0].shape == letters[1].shape
    assert not np.allclose(*letters)


def test_without_oddity_letters_are_as_designed():
    style = Style(oddity=0.0)
    np.testing.assert_allclose(own_glyph(style, "a").body[0], joined_forms("a")[0].body[0])
    printer = dataclasses.replace(style, printing=1.0)
    np.testing.assert_allclose(own_glyph(printer, "l").body[0], plain_form("l").body[0])


def test_narrow_loops_retrace_the_stem():
    def width(loop):  # of "l", 8 Hershey units above the x-height
        x, y = own_glyph(Style(oddity=0.0, upper_loop=loop), "l").body[0].T
        top = int(np.argmin(y))
        level = -(9.0 + 8.0) / X_HEIGHT
        up = np.interp(-level, -y[: top + 1], x[: top + 1])
        down = np.interp(level, y[top:], x[top:])
        return up - down

    assert width(0.0) < 0.1 < 0.3 < width(1.0) < width(1.3)


def test_bending_moves_neighbours_together():
    noise = bent(np.zeros((5000, 2)), 1.0, np.random.default_rng(0))
    assert np.corrcoef(noise[:-1, 0], noise[1:, 0])[0, 1] > 0.5
    assert abs(noise.std() - 1.0) < 0.05


def test_writers_are_named_by_number():
    assert [writer_name(12), writer_name(2000)] == ["synthetic-012", "synthetic-2000"]
