"""Settled words of a line stay while the pen writes behind them, and are not read again; the final text reads all."""

import dataclasses
import json
import random

import numpy as np
import pytest

from seqapp.models.reading import InkReading
from seqapp.serving.server.live.ink_conversation import READ_EVERY_S, STABLE_S, InkConversation
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.settled_words import READ_AGAIN, SettledWords
from tests.serving.server.live.small_live import Clock, answers

PITCH, WIDTH, GAP = 10.0, 3.0, 4.0


def letter(place, line=0):
    """A stroke: 2 wide, 3 high; its width says which letter it is."""
    left, top = WIDTH * place, PITCH * line
    width = 1.5 + (place * 7 % 5) / 10
    return [[left, top + 3.0, 0.0], [left + width / 2, top, 0.01], [left + width, top + 3.0, 0.02]]


def words(*sizes, first=0):
    """Letters of words, two places between them."""
    places, place = [], first
    for size in sizes:
        places += range(place, place + size)
        place += size + 2
    return [letter(place) for place in places]


class LetterReader:
    """Reads each stroke by itself, in the order of writing, line by line, with a space where there is a gap.

    Args:
        changes: Whether every reading has letters of its own.
    """

    def __init__(self, changes=False):
        self.sizes, self.changes = [], changes

    def transcribe(self, examples):
        return [self.read(points) for points in examples]

    def read(self, points):
        ends = np.flatnonzero(points[:, 3]) + 1
        strokes = list(zip([0, *ends[:-1]], ends))
        self.sizes.append(len(strokes))
        lines = [round(float(points[a, 1] - 3.0) / PITCH) for a, _ in strokes]
        heights = sorted(set(lines))
        rows = []
        for height in heights:
            before = None
            rows += [("\n", strokes[lines.index(height)][0])] if rows else []
            for (start, end), line in zip(strokes, lines):
                if line == height:
                    left, right = points[start, 0], points[end - 1, 0]
                    rows += [(" ", start)] if before is not None and abs(left - before) > GAP else []
                    rows.append((self._letter(right - left), start))
                    before = right
        text = "".join(character for character, _ in rows)
        places = tuple(int(place) for _, place in rows)
        return InkReading(
            text, 0.5, (0,) * len(text), (0.5,) * len(text), char_points=places,
            stroke_lines=tuple(map(heights.index, lines)),
        )  # fmt: skip

    def _letter(self, width):
        return chr(97 + round(10 * (width - 1.5)) + 5 * (self.changes and len(self.sizes) % 4))


class Writing:
    """Writes stroke after stroke, and takes the last answer to each."""

    def __init__(self, reader):
        self.clock, self.reader = Clock(), reader
        self.conversation = InkConversation(reader, reader, LiveLimits(max_points=9_999), self.clock)

    def write(self, *strokes, wait_s=0.4):
        for stroke in strokes:
            answer = self.send(wait_s, strokes=[stroke])
        return answer

    def send(self, wait_s=READ_EVERY_S, **message):
        self.conversation.take(json.dumps(message))
        self.clock.now_s += max(wait_s, READ_EVERY_S)
        return answers(self.conversation)[-1]


@pytest.fixture
def line():
    return Writing(LetterReader())


def test_readings_of_a_long_line_take_the_strokes_of_its_last_words_alone(line):
    strokes = words(*[3] * 12)
    partial = line.write(*strokes)
    in_the_window = 1 + STABLE_S / 0.4
    assert max(line.reader.sizes) <= 3 * (READ_AGAIN + 2) + in_the_window
    assert partial["partial"].split() == [word["word"] for word in partial["result"]] and len(partial["result"]) == 12
    assert partial["confidence"] == 0.5 and partial["partial"].startswith(partial["stable_text"])
    final = line.send(eof=1)
    assert final["text"] == partial["partial"] and line.reader.sizes[-1] == len(strokes)


def test_what_is_written_quickly_is_settled_when_the_pen_rests(line):
    line.write(*words(*[2] * 8), wait_s=0.0)
    line.clock.now_s += STABLE_S
    assert len(answers(line.conversation)[-1]["stable_text"].split()) == 8
    line.write(letter(32))
    assert line.reader.sizes[-1] <= 2 * (READ_AGAIN + 1) + 1


DOT = [[10.0, 3.0, 0.0], [11.5, 3.0, 0.0]]  # above a letter of the second word


@pytest.mark.parametrize("late", [DOT, letter(3), letter(0, line=1)], ids=["dot", "letter", "next line"])
def test_what_does_not_lie_behind_the_settled_words_has_all_read_again(line, late):
    strokes = words(*[3] * 6)
    line.write(*strokes)
    assert line.reader.sizes[-1] < len(strokes)
    line.write(late)
    assert line.reader.sizes[-1] == len(strokes) + 1


def test_undo_and_clear_take_settled_words_back(line):
    line.write(*words(*[3] * 6))
    for _ in range(11):
        answer = line.send(undo=1)
    assert answer["partial"].replace(" ", "") == LetterReader().read(inked(words(3, 3, 1))).text.replace(" ", "")
    assert len(line.send(clear=1, strokes=[letter(0)])["partial"]) == 1


def test_a_new_segment_begins_without_settled_words(line):
    line.write(*words(*[3] * 6))
    line.send(reset=1)
    assert len(line.write(letter(0))["partial"]) == 1


def test_words_read_again_that_are_others_now_have_all_read_again():
    strokes, settled, reader = settled_strokes()
    settled.read([*strokes, *words(1, first=30)], reader.read)
    assert reader.sizes[-1] < len(strokes)
    whole = [*strokes, *words(2, first=30)]
    reader.changes = True
    reading = settled.read(whole, reader.read)
    assert reader.sizes[-2] < len(strokes) and reader.sizes[-1] == len(whole)
    assert len(reading.stroke_lines) == len(whole)


def test_nothing_is_settled_where_the_pen_is_not_lifted_between_words(line):
    points = [point for stroke in words(*[3] * 6) for point in stroke]
    for point in points:
        answer = line.send(0.4, points=[point])
    assert len(answer["partial"]) == 1 and line.reader.sizes[-1] == 1


def test_models_without_lines_or_of_long_symbols_settle_nothing():
    for change in ({"stroke_lines": ()}, {"char_points": ()}):
        strokes, settled, reader = settled_strokes(**change)
        settled.read(strokes, reader.read)
        assert reader.sizes[-1] == len(strokes)


class Strokes(LetterReader):
    """Reads strokes, not points."""

    def read(self, strokes):
        return super().read(inked(strokes))


def inked(strokes):
    ends = [[*map(float, point[:2]), 0.0, float(point is stroke[-1])] for stroke in strokes for point in stroke]
    return np.array(ends)


def settled_strokes(**change):
    """Six words, the words settled of which all is stable, and their reader."""
    reader, settled = Strokes(), SettledWords()
    strokes = words(*[3] * 6)
    reading = dataclasses.replace(settled.read(strokes, reader.read), **change)
    settled.settle(strokes, reading, reading.text)
    return strokes, settled, reader


@pytest.mark.parametrize("seed", range(8))
def test_where_no_letter_depends_on_others_partial_texts_are_those_of_all_strokes(seed):
    rng, writing, strokes, place, line = random.Random(seed), Writing(LetterReader()), [], 0, 0
    saved = 0
    for _ in range(60):
        kind = rng.choices(["letter", "space", "late", "undo", "line"], [20, 6, 1, 1, 1])[0]
        if kind == "undo" and strokes:
            strokes.pop()
            answer = writing.send(undo=1)
        else:
            place, line = (0, line + 1) if kind == "line" else (place + 1 + 2 * (kind == "space"), line)
            strokes.append(letter(rng.randrange(place) if kind == "late" else place, line))
            answer = writing.write(strokes[-1], wait_s=rng.choice([0.1, 0.6, 2.0]))
        expected = LetterReader().read(inked(strokes)).text if strokes else ""
        assert answer["partial"] == expected and expected.startswith(answer["stable_text"])
        saved += len(strokes) - writing.reader.sizes[-1]
    assert saved > 0 and writing.send(eof=1)["text"] == LetterReader().read(inked(strokes)).text
