"""Composed notes: the same for equal seeds, every stroke of every line once, one writer's lines only."""

import numpy as np
import pytest

from seqapp.datasets.ink.ink import Ink, check
from seqapp.datasets.ink.note_composition import MOST_LINES, compose_notes, is_one_line
from seqapp.datasets.ink.synthetic_ink.pen import write

INKS = [
    Ink(f"{writer}_{text}", write(text, writer), text, str(writer))
    for writer in range(3)
    for text in ("is it in", "a fine day", "we write this", "not so late")
]


def test_equal_seeds_give_equal_notes_and_others_do_not():
    once, again, other = (compose_notes(INKS, 4, seed) for seed in (1, 1, 2))
    for a, b in zip(once, again):
        np.testing.assert_array_equal(a.ink.points, b.ink.points)
    assert any(
        a.ink.points.shape != b.ink.points.shape or (a.ink.points != b.ink.points).any() for a, b in zip(once, other)
    )


def test_a_note_holds_each_stroke_of_its_lines_with_times_that_rise():
    for note in compose_notes(INKS, 12, seed=0):
        texts = note.ink.text.split("\n")
        lines = [ink for text in texts for ink in INKS if (ink.text, ink.writer_id) == (text, note.ink.writer_id)]
        assert check(note.ink) is None and 2 <= len(lines) == len(texts) <= MOST_LINES
        counts = np.bincount(note.stroke_lines)
        assert counts.tolist() == [len(ink.strokes()) for ink in lines]
        assert (np.diff(note.ink.points[:, 2]) >= 0).all()


def test_placed_lines_are_the_strokes_of_the_note_in_the_order_of_their_line():
    for note in compose_notes(INKS, 12, seed=0):
        strokes = note.ink.strokes()
        for number, (line, placed) in enumerate(zip(note.lines, note.placed, strict=True)):
            assert placed.text == line.text and check(placed) is None
            assert [len(stroke) for stroke in placed.strokes()] == [len(stroke) for stroke in line.strokes()]
            own = [strokes[k][:, :2].tobytes() for k in np.flatnonzero(note.stroke_lines == number)]
            assert sorted(own) == sorted(stroke[:, :2].tobytes() for stroke in placed.strokes())


def test_some_strokes_come_late():
    notes = compose_notes(INKS, 12, seed=0)
    late = [note for note in notes if (np.diff(note.stroke_lines) < 0).any()]
    assert 3 <= len(late) < len(notes)


def test_a_note_needs_two_lines_of_one_writer():
    with pytest.raises(ValueError, match="at least 2 lines"):
        compose_notes(INKS[:1], 1, seed=0)


def test_a_line_that_goes_on_below_and_a_dash_alone_are_no_lines():
    assert all(map(is_one_line, INKS))
    first, second = (Ink("", ink.points).strokes() for ink in INKS[1:3])
    two = Ink.from_strokes("two", [*first, *(s + np.float32([0, 130, 30]) for s in second)], "a fine day we write", "0")
    dash = Ink.from_strokes("dash", [np.float32([[0, 0, 0], [30, 1, 0.1]])], "-", "0")
    assert not is_one_line(two) and not is_one_line(dash)
    texts = {text for note in compose_notes([*INKS, two, dash], 20, seed=0) for text in note.ink.text.split("\n")}
    assert texts == {ink.text for ink in INKS}
