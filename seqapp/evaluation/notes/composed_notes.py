"""Evaluation on composed notes: strokes on their right line, error rate beside that of the same lines alone."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.note_composition import Note, compose_notes
from seqapp.text.error_rates import ErrorCounts, character_errors


@dataclasses.dataclass(frozen=True)
class NotesScore:
    """What was read of composed notes, beside their lines alone.

    Attributes:
        num_notes: How many.
        num_lines: Lines in them.
        num_miscounted: Notes in which more or fewer lines were found.
        num_strokes: Strokes in them.
        num_right: Those on their right line, counted from the top; of a miscounted note few are.
        alone: Character errors of the lines read one by one, a line break between two.
        placed: The same of the lines as they stand in the notes: sloping, swinging, larger or smaller.
        notes: Character errors of the notes.
    """

    num_notes: int
    num_lines: int
    num_miscounted: int
    num_strokes: int
    num_right: int
    alone: ErrorCounts
    placed: ErrorCounts
    notes: ErrorCounts

    @property
    def ratio(self) -> float:
        """Error rate of the notes by that of the lines alone; NaN where that is 0."""
        return self.notes.rate / self.alone.rate if self.alone.errors else float("nan")


def evaluate_notes(transcriber, inks: Sequence[Ink], num_notes: int, seed: int = 0, batch_size: int = 32) -> NotesScore:
    """Compose notes of single lines, read them, and read the lines one by one.

    Args:
        transcriber: `Transcriber` of ink that reads several lines.
        inks: Single lines with texts and writers.
        num_notes: How many notes.
        seed: Of what `compose_notes` draws.
        batch_size: Inks at once.

    Raises:
        ValueError: No writer has two lines, or the model does not say which line a stroke is of.
    """
    notes = compose_notes(inks, num_notes, seed)
    lines = {id(line): line for note in notes for line in note.lines}
    readings = transcriber.transcribe([line.points for line in lines.values()], batch_size)
    texts = {key: reading.text for key, reading in zip(lines, readings, strict=True)}
    alone = ["\n".join(texts[id(line)] for line in note.lines) for note in notes]
    as_placed = iter(transcriber.transcribe([line.points for note in notes for line in note.placed], batch_size))
    placed = ["\n".join(next(as_placed).text for _ in note.placed) for note in notes]
    return score_notes(notes, alone, placed, transcriber.transcribe([note.ink.points for note in notes], batch_size))


def score_notes(notes: Sequence[Note], alone: Sequence[str], placed: Sequence[str], readings: Sequence) -> NotesScore:
    """Score readings of notes.

    Args:
        notes: `Note`s.
        alone: What was read of the lines of each one by one, with line breaks.
        placed: The same of its lines as they stand in it.
        readings: `InkReading` of each.

    Raises:
        ValueError: A reading does not say which line a stroke is of.
    """
    num_right = num_miscounted = 0
    alone_errors = placed_errors = note_errors = ErrorCounts()
    for note, text, placed_text, reading in zip(notes, alone, placed, readings, strict=True):
        if len(reading.stroke_lines) != len(note.stroke_lines):
            raise ValueError(
                f"{note.ink.id}: expected the lines of {len(note.stroke_lines)} strokes. Received: "
                f"{len(reading.stroke_lines)}. The model reads single lines: export it again, for notes."
            )
        num_right += int((np.asarray(reading.stroke_lines) == note.stroke_lines).sum())
        num_miscounted += max(reading.stroke_lines) != max(note.stroke_lines)
        alone_errors += character_errors(note.ink.text, text)
        placed_errors += character_errors(note.ink.text, placed_text)
        note_errors += character_errors(note.ink.text, reading.text)
    num_strokes = sum(len(note.stroke_lines) for note in notes)
    num_lines = sum(int(max(note.stroke_lines)) + 1 for note in notes)
    errors = alone_errors, placed_errors, note_errors
    return NotesScore(len(notes), num_lines, num_miscounted, num_strokes, num_right, *errors)


def notes_to_text(score: NotesScore) -> str:
    """Write it as a few lines; ends in a line break."""
    share = score.num_right / score.num_strokes if score.num_strokes else float("nan")
    rows = [
        f"{score.num_notes} notes of {score.num_lines} lines, {score.num_strokes} strokes",
        f"  {100 * share:.2f} % of the strokes on their right line, {score.num_miscounted} notes with a wrong number "
        "of lines",
        f"  CER of the lines alone {100 * score.alone.rate:.2f} %, of the notes {100 * score.notes.rate:.2f} % "
        f"({score.ratio:.2f} x), of the lines as they stand in the notes {100 * score.placed.rate:.2f} %",
    ]
    return "\n".join(rows) + "\n"
