"""A settled line of live ink stays, letter for letter, while others are written, and is not read again."""

import json

import pytest

from seqapp.models.reading import InkReading
from seqapp.serving.server.live.ink_conversation import READ_EVERY_S, STABLE_S, InkConversation
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.settled_lines import SettledLines
from tests.serving.server.live.small_live import Clock, answers

PITCH = 10.0


def letter(line, place):
    """A stroke: 2 wide, 3 high, on a line of a sheet."""
    left, top = 3.0 * place, PITCH * line
    return [[left, top + 3.0, 0.0], [left + 1.0, top, 0.01], [left + 2.0, top + 3.0, 0.02]]


class LineReader:
    """Reads one letter per stroke, line by line; a line of three letters or more with as many capitals as inks read."""

    def __init__(self):
        self.sizes = []

    def transcribe(self, examples):
        return [self._read(points) for points in examples]

    def _read(self, points):
        tops = points[points[:, 3] == 1, 1] - 3.0
        self.sizes.append(len(tops))
        heights = sorted({round(top / PITCH) for top in tops.tolist()})
        lines = tuple(heights.index(round(top / PITCH)) for top in tops.tolist())
        text = "\n".join("abcdefghij"[height] * lines.count(line) for line, height in enumerate(heights))
        return InkReading(text, 0.5, (0,) * len(text), (0.5,) * len(text), stroke_lines=lines)


@pytest.fixture
def note():
    clock, reader = Clock(), LineReader()
    return Writing(InkConversation(reader, reader, LiveLimits(max_points=999), clock), clock, reader)


class Writing:
    """Writes stroke after stroke, and takes the last answer to each."""

    def __init__(self, conversation, clock, reader):
        self.conversation, self.clock, self.reader = conversation, clock, reader

    def write(self, *strokes, wait_s=STABLE_S / 2):
        for stroke in strokes:
            self.conversation.take(json.dumps({"strokes": [stroke]}))
            self.clock.now_s += max(wait_s, READ_EVERY_S)
            answer = answers(self.conversation)[-1]
        return answer

    def send(self, **message):
        self.conversation.take(json.dumps(message))
        self.clock.now_s += READ_EVERY_S
        return answers(self.conversation)[-1]


def test_readings_of_a_long_note_take_the_strokes_of_its_last_lines_alone(note):
    for line in range(6):
        answer = note.write(*(letter(line, place) for place in range(5)))
    assert answer["partial"] == "\n".join(5 * c for c in "abcdef")
    assert answer["confidence"] == 0.5 and [word["word"] for word in answer["result"]] == [5 * c for c in "abcdef"]
    assert max(note.reader.sizes) <= 10  # two lines
    final = note.send(eof=1)
    assert final["text"] == answer["partial"] and note.reader.sizes[-1] == 30


def test_what_is_written_quickly_is_settled_when_the_pen_rests(note):
    note.write(*(letter(line, place) for line in range(3) for place in range(4)), wait_s=0.0)
    note.clock.now_s += STABLE_S
    assert answers(note.conversation)[-1]["stable_text"] == "aaaa\nbbbb\ncccc"
    assert note.write(letter(2, 4))["partial"] == "aaaa\nbbbb\nccccc" and note.reader.sizes[-1] == 5


@pytest.mark.parametrize("late", [letter(0, 2.2), [[9.0, -2.0, 0.0], [9.1, -2.0, 0.0]]], ids=["word", "dot"])
def test_what_belongs_to_a_settled_line_has_all_of_it_read_again(note, late):
    for line in range(3):
        note.write(*(letter(line, place) for place in range(5)))
    assert note.reader.sizes[-1] < 15
    note.write(late)
    assert note.reader.sizes[-1] == 16
    note.write(letter(2, 5), letter(2, 6), letter(2, 7))
    assert note.reader.sizes[-1] < 16  # it settles again


def test_undo_and_clear_take_settled_lines_back(note):
    for line in range(2):
        note.write(*(letter(line, place) for place in range(5)))
    for _ in range(7):
        answer = note.send(undo=1)
    assert answer["partial"] == "aaa"
    assert note.send(clear=1, strokes=[letter(0, 0)])["partial"] == "a"


def test_a_new_segment_begins_without_settled_lines(note):
    for line in range(2):
        note.write(*(letter(line, place) for place in range(5)))
    note.send(reset=1)
    assert note.write(letter(0, 0))["partial"] == "a"


def test_models_of_single_lines_settle_nothing():
    settled, strokes = SettledLines(), [letter(0, 0), letter(1, 0)]
    settled.settle(strokes, InkReading("a b", 0.5, (0,) * 3, (0.5,) * 3), "a b")
    assert settled.unsettled(strokes) == strokes
