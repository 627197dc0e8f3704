"""Composed notes are scored by the lines of their strokes and by their texts, beside the lines alone."""

import types

import numpy as np
import pytest

from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.note_composition import compose_notes
from seqapp.datasets.ink.synthetic_ink.pen import write
from seqapp.evaluation.notes.composed_notes import evaluate_notes, notes_to_text

INKS = [Ink(text, write(text, 1), text, "a") for text in ("is it in", "a fine day", "we write this", "not so late")]


class Reader:
    """Knows every ink; of notes it reads the last character wrong, and it may say that all strokes are of one line."""

    def __init__(self, seed, one_line=False, tells_lines=True):
        notes = compose_notes(INKS, 5, seed)
        self.known = [(ink.points, ink.text, np.zeros(len(ink.strokes()), int)) for ink in INKS]
        self.known += [(note.ink.points, note.ink.text[:-1] + "#", note.stroke_lines) for note in notes]
        placed = [line for note in notes for line in note.placed]
        self.known += [(line.points, "#" + line.text[1:], np.zeros(len(line.strokes()), int)) for line in placed]
        self.one_line, self.tells_lines = one_line, tells_lines

    def transcribe(self, examples, batch_size):
        return [self.read(points) for points in examples]

    def read(self, points):
        _, text, lines = next(row for row in self.known if np.array_equal(row[0], points))
        lines = lines * (not self.one_line)
        return types.SimpleNamespace(text=text, stroke_lines=tuple(lines) if self.tells_lines else ())


def test_lines_of_strokes_and_errors_of_texts_are_counted():
    score = evaluate_notes(Reader(3), INKS, 5, seed=3)
    assert score.num_notes == 5 and score.num_miscounted == 0 and score.num_right == score.num_strokes > 50
    assert score.alone.errors == 0 and score.notes.errors == 5 and score.placed.errors == score.num_lines
    assert score.alone.reference_length == score.notes.reference_length
    assert "100.00 % of the strokes" in notes_to_text(score)


def test_a_note_read_as_one_line_is_miscounted():
    score = evaluate_notes(Reader(3, one_line=True), INKS, 5, seed=3)
    assert score.num_miscounted == 5 and score.num_right < score.num_strokes / 2


def test_a_model_that_does_not_tell_lines_is_refused():
    with pytest.raises(ValueError, match="reads single lines"):
        evaluate_notes(Reader(3, tells_lines=False), INKS, 5, seed=3)
