"""Lines are found wherever they slope; one line stays one; late strokes are read where they lie."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.note_composition import compose_notes
from seqapp.datasets.ink.synthetic_ink.pen import write
from seqapp.features.ink.stroke_boxes import stroke_boxes
from seqapp.features.ink.stroke_runs import find_runs, is_surely_one_run
from seqapp.features.ink.strokes import find_strokes
from seqapp.features.ink.written_lines import written_lines

TEXTS = ("the little boat", "is it writing", "we saw a fine day", "quick brown fox", "or else", "judge them well")
runs_of = tf.function(find_runs, autograph=False)
find = tf.function(written_lines, input_signature=[tf.TensorSpec([None, 4], tf.float32)], autograph=False)


def lines_of(points):
    return [tensor.numpy() for tensor in find(points)]


def hand(number):
    return [Ink(f"{number}_{k}", write(text, number, k), text, str(number)) for k, text in enumerate(TEXTS)]


def turned(points, angle_deg):
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    turned = np.array(points)
    turned[:, :2] = points[:, :2] @ np.float32([[cos, sin], [-sin, cos]])
    return turned


def below(*inks, pitch=130.0):
    """Inks one below the other, in this order of writing, as strokes."""
    return [s + np.float32([0, pitch * k, 30 * k]) for k, ink in enumerate(inks) for s in Ink("", ink).strokes()]


def test_strokes_of_composed_notes_are_on_their_lines():
    inks = [ink for number in range(6) for ink in hand(number)]
    wrong = total = 0
    for note in compose_notes(inks, 24, seed=0):
        lines, count, order = lines_of(note.ink.points)
        assert sorted(order) == list(range(len(lines))) and set(lines) == set(range(count))
        wrong += (lines != note.stroke_lines).sum()
        total += len(lines)
    assert wrong < 0.01 * total


@pytest.mark.parametrize("angle_deg", [-15, 0, 15])
def test_one_line_stays_one_in_its_order(angle_deg):
    for number in range(6):
        for ink in hand(number):
            lines, count, order = lines_of(turned(ink.points, angle_deg))
            assert count == 1 and not lines.any() and (order == np.arange(len(lines))).all()


def test_place_and_size_do_not_matter():
    note = Ink.from_strokes("", below(write("hello there", 3), write("is it", 3))).points
    expected = lines_of(note)
    for received, value in zip(lines_of(note * np.float32([8, 8, 1, 1]) - np.float32([512, 64, 0, 0])), expected):
        np.testing.assert_array_equal(received, value)


def test_late_strokes_lie_on_their_line_and_are_read_in_their_place():
    first, second = Ink("", write("is it in here", 3)).strokes(), write("we saw a fine day", 3)
    small = [np.ptp(s[:, 1]) < 12 for s in first]
    word = [i for i, s in enumerate(first) if s[:, 0].mean() > np.quantile(np.concatenate(first)[:, 0], 0.75)]
    dot = next(i for i, is_small in enumerate(small) if is_small and i not in word)
    strokes = below(write("is it in here", 3), second)
    late = [dot, *word]
    kept = [i for i in range(len(strokes)) if i not in late]
    lines, count, order = lines_of(Ink.from_strokes("", [strokes[i] for i in [*kept, *late]]).points)
    assert count == 2
    written = np.array([*kept, *late])  # stroke of the note as it would have been written at once
    assert (lines == (written >= len(first))).all()
    read = written[order]
    assert (read[read >= len(first)] == np.arange(len(first), len(strokes))).all()
    place = {stroke: rank for rank, stroke in enumerate(read)}
    assert [place[i] for i in word] == list(range(len(first) - len(word), len(first)))  # the last word of its line
    assert abs(place[dot] - dot) <= 3  # beside its letter


def test_what_holds_no_writing_is_one_line():
    dot = np.float32([[3, 4, 0, 1]])
    for points in (np.zeros([0, 4], np.float32), dot, np.repeat(dot, 5, axis=0)):
        lines, count, order = lines_of(points)
        assert count == 1 and not lines.any() and (order == np.arange(len(lines))).all()
    colon = [np.float32([[0, y, 0], [1, y + 1, 0]]) for y in (0, 30)]
    assert lines_of(Ink.from_strokes("", colon).points)[1] == 1


def test_inks_that_need_no_cutting_are_those_of_one_run():
    inks = [turned(ink.points, angle_deg) for number in range(3) for ink in hand(number) for angle_deg in (-6, 0, 6)]
    inks += [note.ink.points for note in compose_notes([ink for number in range(3) for ink in hand(number)], 6, seed=0)]
    told = 0
    for points in inks:
        strokes = find_strokes(tf.constant(points[:, 3]))
        boxes = stroke_boxes(points[:, :2], strokes)
        if is_surely_one_run(boxes):
            told += 1
            assert not runs_of(boxes)[0].numpy().any()
    assert len(inks) // 2 < told < len(inks)


@pytest.mark.parametrize("angle_deg", [2, 6])
def test_a_long_and_a_short_line_keep_their_order_between_the_slopes_that_are_tried(angle_deg):
    """The middle of the long line lies farther below, or above, than the lines are apart."""
    long, short = write(" ".join([*TEXTS, *TEXTS[:2]]), 3), write("or else", 3)
    for inks in ((long, short), (short, long)):
        first = len(Ink("", inks[0]).strokes())
        strokes = below(*inks, pitch=75.0)
        lines, count, _ = lines_of(turned(Ink.from_strokes("", strokes).points, angle_deg))
        assert count == 2 and (lines == (np.arange(len(strokes)) >= first)).all()


@pytest.mark.parametrize("depth, steepness", [(40, 4.0), (50, 3.0)])
def test_a_line_that_sinks_is_not_cut_where_the_next_letter_follows(depth, steepness):
    """Its ends lie on two straight baselines; the pen never went back."""
    points = write("the little boat is it writing we saw a fine day quick brown fox", 3)
    place = (points[:, 0] - points[:, 0].min()) / np.ptp(points[:, 0])
    points[:, 1] += depth * np.clip((2 * place - 1) * steepness, -1, 1)
    lines, count, _ = lines_of(points)
    assert count == 1 and not lines.any()


def read_as_written_at_once(inks, late):
    """The order in which a note is read, by its strokes as they would be written without coming back to the late ones.

    Lines below each other; the late strokes, counted over all of them, are written at the end.
    """
    strokes = below(*inks)
    written = np.array([*(i for i in range(len(strokes)) if i not in late), *late])
    lines, count, order = lines_of(Ink.from_strokes("", [strokes[i] for i in written]).points)
    assert count == len(inks)
    return written[order].tolist()


def test_a_word_that_is_inserted_into_the_last_line_is_read_in_its_place():
    """No line is written behind the last one: only that the pen goes back to where nothing is tells of the word."""
    first, second = write("quick brown fox", 3), write("we saw a fine day", 3)
    num_strokes = [len(Ink("", ink).strokes()) for ink in (first, second)]
    strokes = Ink("", second).strokes()
    left, right = (np.array([f(s[:, 0]) for s in strokes]) for f in (np.min, np.max))
    reach = np.concatenate([[-np.inf], np.maximum.accumulate(right)[:-1]])
    words = np.cumsum(left > reach + 10) - 1
    assert words[-1] >= 3
    late = [num_strokes[0] + i for i in np.flatnonzero(words == 1)]
    assert read_as_written_at_once((first, second), late) == list(range(sum(num_strokes)))


def test_dots_a_letter_back_stay_in_the_order_of_writing_and_far_ones_go_where_they_lie():
    first, second = write("quick brown fox", 3), write("is it in here we saw a fine day by it", 3)
    before = len(Ink("", first).strokes())
    strokes = Ink("", second).strokes()
    dots = [i for i, s in enumerate(strokes) if np.ptp(s[:, 1]) < 12 and np.ptp(s[:, 0]) < 12]
    far, near = before + dots[0], before + dots[-1]
    read = read_as_written_at_once((first, second), [near, far])
    assert read.index(far) < read.index(before + len(strokes) // 2) and read[-1] == near


def test_a_long_word_of_small_letters_in_one_stroke_is_writing_and_a_line_of_its_size_is_none():
    x = np.linspace(0, 400, 400)
    word = np.column_stack([x, 20 * np.sin(x / 3), x / 100])
    line = word * np.float32([1, 0.1, 1])
    for stroke, is_mark in ((word, False), (line, True)):
        points = Ink.from_strokes("", [np.float32(s) for s in (stroke, np.float32([[0, 0, 9], [2, 30, 9.1]]))]).points
        boxes = stroke_boxes(points[:, :2], find_strokes(tf.constant(points[:, 3])))
        assert bool(boxes.is_mark[0]) == is_mark
