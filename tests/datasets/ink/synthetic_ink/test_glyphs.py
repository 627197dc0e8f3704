"""The skeletons: every character has one, joined letters are one stroke."""

import numpy as np
import pytest

from seqapp.datasets.ink.synthetic_ink.allographs import JOINED, PRINTED
from seqapp.datasets.ink.synthetic_ink.glyphs import (
    CAPITALS,
    CHARACTERS,
    LETTERS,
    joined_forms,
    plain_form,
    script_capital,
)


def all_glyphs():
    for character in CHARACTERS.strip():
        yield character, plain_form(character)
    for letter in LETTERS:
        for form in joined_forms(letter):
            yield letter, form
    for letter in CAPITALS:
        yield letter, script_capital(letter)


def test_every_glyph_has_strokes_of_two_points_or_more_and_room():
    for character, glyph in all_glyphs():
        assert glyph.body, character
        strokes = (*glyph.body, *glyph.late)
        assert all(stroke.shape[1] == 2 and len(stroke) >= 2 for stroke in strokes), character
        assert glyph.right > glyph.left, character


def test_joined_letters_are_one_stroke_from_left_to_right():
    for letter in LETTERS:
        for form in joined_forms(letter):
            assert len(form.body) == 1
            assert form.joins_before and form.joins_after
            entry = (form.lead_in if len(form.lead_in) else form.body[0])[0, 0]
            assert entry == pytest.approx(form.left, abs=0.15)
            assert form.body[0][-1, 0] == pytest.approx(form.right, abs=0.15)


def test_letters_keep_to_their_lines():
    for letter in LETTERS:
        for form in (*joined_forms(letter), plain_form(letter)):
            y = np.concatenate(form.body)[:, 1]
            assert (y.min() < -1.5) == (letter in "bdfhklt"), letter
            assert y.max() > 0.5 if letter in "gjpqy" else y.max() < 0.5 or letter in "fz", letter


def test_late_marks_belong_to_the_letters_that_have_them():
    assert {letter for letter in LETTERS if joined_forms(letter)[0].late} == set("ijtx")
    assert {letter for letter in LETTERS if plain_form(letter).late} == set("fijt")


def test_meeting_strokes_are_chained():
    assert len(plain_form("V").body) == 1
    assert len(plain_form("W").body) == 1
    assert len(plain_form("X").body) == 2


def test_own_forms_are_of_small_letters():
    assert set(PRINTED) == set(LETTERS)
    assert set(JOINED) < set(LETTERS)


@pytest.mark.parametrize("character", ["é", "", "ab", " ", "\n"])
def test_an_unknown_character_is_named(character):
    with pytest.raises(ValueError, match="no glyph for"):
        plain_form(character)


def test_glyphs_are_finite():
    assert all(np.isfinite(stroke).all() for _, glyph in all_glyphs() for stroke in glyph.body)
