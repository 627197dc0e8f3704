"""An ink of several lines reads as its lines one by one; a single line reads as ever, whatever is beside it."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.models import InkToText
from seqapp.models.to_text.character_places import point_places
from seqapp.models.to_text.ink_rows import BREAK_FRAMES, ink_rows
from seqapp.text import Alphabet
from tests.small_models import ALPHABET, scribble, small_recipe, small_recognizer

RECIPE = small_recipe("curves", bidirectional=False)
RECOGNIZER = small_recognizer(RECIPE)
MODULE = InkToText(RECOGNIZER, RECIPE, ALPHABET)
FIRST, SECOND = scribble(150), scribble(120, 5, seed=2)
TOLERANCE = 5e-3  # coordinates and times of the second line are larger, and as float32 less exact
BELOW = np.float32([0, 9, 10, 0])  # loops are two high
NOTE = np.concatenate([FIRST, SECOND + BELOW])


def call(function, *inks):
    lengths = np.array([len(ink) for ink in inks], np.int32)
    points = np.zeros([len(inks), lengths.max(), 4], np.float32)
    for row, ink in zip(points, inks):
        row[: len(ink)] = ink
    return {name: tensor.numpy() for name, tensor in function(points=points, lengths=lengths).items()}


def test_a_note_is_its_lines_one_below_the_other():
    note, first, second = (call(MODULE.recognize, ink) for ink in (NOTE, FIRST, SECOND))
    assert note["text"][0] == first["text"][0] + b"\n" + second["text"][0] and note["num_lines"][0] == 2
    assert note["num_strokes"][0] == 8 and note["stroke_lines"][0].tolist() == [0] * 3 + [1] * 5
    count = first["num_characters"][0]
    assert note["num_characters"][0] == count + 1 + second["num_characters"][0]
    for name, break_value in (("char_points", len(FIRST)), ("char_confidences", 1.0)):
        shift = len(FIRST) if name == "char_points" else 0
        np.testing.assert_allclose(note[name][0, :count], first[name][0], atol=TOLERANCE)
        np.testing.assert_allclose(note[name][0, count], break_value)
        np.testing.assert_allclose(note[name][0, count + 1 :], second[name][0] + shift, atol=TOLERANCE)


def test_frames_of_a_note_are_those_of_its_lines_with_a_certain_space_between():
    note, first, second = (call(MODULE.log_probs, ink) for ink in (NOTE, FIRST, SECOND))
    end = first["num_frames"][0]
    start = end + BREAK_FRAMES
    np.testing.assert_allclose(note["log_probs"][0, :end], first["log_probs"][0], atol=TOLERANCE)
    np.testing.assert_allclose(note["log_probs"][0, start:], second["log_probs"][0], atol=TOLERANCE)
    assert note["frame_lines"][0].tolist() == [0] * end + [-1] * BREAK_FRAMES + [1] * second["num_frames"][0]
    of_points = np.concatenate([first["frame_of_point"][0], start + second["frame_of_point"][0]])
    np.testing.assert_array_equal(note["frame_of_point"][0], of_points)
    assert MODULE.line_breaks(note["log_probs"][0]).tolist() == [end + 1]
    assert not len(MODULE.line_breaks(first["log_probs"][0]))
    beams = tf.function(MODULE.beam, autograph=False)
    texts = call(beams, NOTE)["texts"][0]
    assert b" " in texts[0] and b"\n" not in texts[0]
    text = call(MODULE.recognize, NOTE)["text"]
    scores = [
        MODULE.score_text(text=[t], points=NOTE[None], lengths=[len(NOTE)])["score"]
        for t in (text[0], text[0].replace(b"\n", b" "))
    ]
    assert np.isfinite(scores[0]) and scores[0] == scores[1]


HESITANT = FIRST + np.float32([0, 0, 1, 0]) * (np.arange(len(FIRST)) >= 60)[:, np.newaxis] * 20  # 20 s in a stroke


@pytest.mark.parametrize("line", [FIRST, HESITANT], ids=["fluent", "hesitant"])
def test_a_single_line_beside_a_note_reads_as_alone(line):
    alone, beside = call(MODULE.recognize, line), call(MODULE.recognize, NOTE, line)
    count = alone["num_characters"][0]
    for name in ("text", "num_characters", "num_lines"):
        assert beside[name][1] == alone[name][0]
    for name in ("char_points", "char_frames", "char_confidences"):
        np.testing.assert_allclose(beside[name][1, :count], alone[name][0], atol=TOLERANCE)
    assert beside["stroke_lines"][1].tolist() == [0] * 3 + [-1] * 5


def test_what_was_written_a_minute_late_has_a_usual_pause_around_it():
    late = np.concatenate([NOTE[50:], NOTE[:50] + np.float32([0, 0, 60, 0])])
    rows = ink_rows(tf.constant(late[np.newaxis]), tf.constant([len(late)])).points.numpy()
    is_end = late[:-1, 3] > 0
    pauses = (late[1:, 2] - late[:-1, 2])[is_end]
    usual = np.sort(pauses)[len(pauses) // 2]
    assert 0 < usual < 1
    assert rows[0, 50, 2] - rows[0, 49, 2] == pytest.approx(usual, abs=TOLERANCE)


def test_a_stroke_of_the_first_line_that_comes_last_is_read_there():
    late = np.concatenate([NOTE[50:], NOTE[:50] + np.float32([0, 0, 60, 0])])
    found, plain = call(MODULE.recognize, late), call(MODULE.recognize, NOTE)
    assert found["text"][0] == plain["text"][0] and found["stroke_lines"][0].tolist() == [0, 0, *[1] * 5, 0]
    beliefs = call(MODULE.log_probs, late)
    np.testing.assert_array_equal(
        np.roll(beliefs["frame_of_point"][0], 50), call(MODULE.log_probs, NOTE)["frame_of_point"][0]
    )
    frames = found["char_frames"][0]
    places = point_places(frames, beliefs["frame_of_point"][0], len(late), None)
    of_points = beliefs["frame_of_point"][0]  # of several points of a frame another one may be the first
    np.testing.assert_array_equal(of_points[places["char_points"]], of_points[found["char_points"][0]])


@pytest.mark.slow
def test_a_model_without_a_space_breaks_lines_too():
    alphabet = Alphabet(("b", *ALPHABET.symbols[1:]))
    module = InkToText(RECOGNIZER, RECIPE, alphabet)
    text = call(module.recognize, NOTE)["text"][0]
    assert text == call(MODULE.recognize, NOTE)["text"][0].replace(b" ", b"b") and text.count(b"\n") == 1
    assert b"\n" not in call(tf.function(module.beam, autograph=False), NOTE)["texts"][0, 0]
