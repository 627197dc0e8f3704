"""A line of ink says what its newest ink says, whenever it is asked, and never works through a queue of old ink."""

import json

import pytest

from seqapp.serving.server.live.ink_conversation import READ_EVERY_S, REST_S, STABLE_S, InkConversation
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.message import BadMessage, LimitPassed
from seqapp.serving.server.loaded_models.language_models import LanguageModels
from tests.serving.server.live.small_live import Clock, StrokeReader, answers, as_points, ink_transcriber, stroke
from tests.small_models import scribble


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reader():
    return StrokeReader()


@pytest.fixture
def writing(reader, clock):
    return InkConversation(reader, reader, LiveLimits(max_points=50), clock)


def write(conversation, *messages):
    for message in messages:
        conversation.take(json.dumps(message))


def wait(clock, seconds=READ_EVERY_S):
    clock.now_s += seconds


def test_points_come_as_they_are_written_and_strokes_end_with_pen_up(writing, clock):
    write(writing, {"points": stroke(), "stamp": 7})
    assert answers(writing) == [
        {
            "type": "partial", "partial": "a", "stable_text": "", "segment": 0, "confidence": 0.5, "is_sure": True,
            "result": [{"word": "a", "conf": 0.5}], "stamp": 7,
        }
    ]  # fmt: skip
    write(writing, {"points": stroke()}, {"points": stroke(), "pen_up": 1}, {"points": stroke(2)})
    wait(clock)
    assert [answer["partial"] for answer in answers(writing)] == ["ab"]


def test_all_that_came_while_one_reading_ran_is_read_at_once(writing, reader, clock):
    write(writing, {"strokes": [stroke()]})
    work = writing.work()
    write(writing, *({"strokes": [stroke(1)]} for _ in range(9)))
    assert [answer["partial"] for answer in work()] == ["a"]  # the ink as it was when the reading began
    wait(clock)
    assert [answer["partial"] for answer in answers(writing)] == ["abcdefghij"]
    assert reader.num_readings == 2


def test_readings_keep_a_pause_between_them(writing, clock):
    write(writing, {"strokes": [stroke()]})
    answers(writing)
    write(writing, {"strokes": [stroke()]})
    assert writing.work() is None and writing.wait_s == pytest.approx(READ_EVERY_S)
    wait(clock)
    assert writing.wait_s == 0.0 and writing.work() is not None


def test_a_text_that_stands_for_a_while_is_stable_without_another_reading(writing, reader, clock):
    write(writing, {"strokes": [stroke()]})
    answers(writing)
    assert writing.work() is None and writing.wait_s == pytest.approx(STABLE_S)
    wait(clock, STABLE_S)
    assert [(a["partial"], a["stable_text"]) for a in answers(writing)] == [("a", "a")]
    assert reader.num_readings == 1 and writing.wait_s is None and writing.work() is None


def test_undo_and_clear_take_back(writing, clock):
    write(writing, {"strokes": [stroke(), stroke()]}, {"points": stroke()}, {"undo": 1})
    assert [answer["partial"] for answer in answers(writing)] == ["ab"]
    write(writing, {"points": stroke(), "pen_up": 1}, {"undo": 1}, {"undo": 1})
    wait(clock)
    assert [answer["partial"] for answer in answers(writing)] == ["a"]
    write(writing, {"clear": 1}, {"undo": 1})
    wait(clock)
    assert [(answer["partial"], answer["segment"]) for answer in answers(writing)] == [("", 0)]


def test_a_line_that_is_finished_is_followed_by_another(writing, clock):
    write(writing, {"strokes": [stroke(), stroke()]}, {"reset": 1}, {"strokes": [stroke()]})
    told = answers(writing)
    assert [(a["type"], a["segment"], a.get("text", a.get("partial"))) for a in told] == [
        ("final", 0, "ab"), ("partial", 1, "a"),
    ]  # fmt: skip
    assert told[0]["result"] == [{"word": "ab", "conf": 0.5}] and not writing.is_over
    write(writing, {"eof": 1})
    assert writing.is_ending and [(a["segment"], a["text"]) for a in answers(writing)] == [(1, "a")]
    assert writing.is_over


def test_what_was_read_of_a_finished_line_comes_not_behind_its_end(writing):
    write(writing, {"strokes": [stroke()]})
    work = writing.work()
    write(writing, {"reset": 1})
    assert work() == [] and [a["type"] for a in answers(writing)] == ["final"]


def test_alternatives_come_when_asked_for(writing):
    write(writing, {"strokes": [stroke()]}, {"alternatives": 2, "stamp": 3})
    expected = [{"text": "a", "confidence": 0.75}, {"text": "a?", "confidence": 0.25}]
    first = answers(writing)[0]
    assert first == {"type": "alternatives", "segment": 0, "alternatives": expected, "stamp": 3}
    write(writing, {"config": {"max_alternatives": 1}}, {"reset": 1})
    assert answers(writing)[-1]["alternatives"] == expected[:1]


def test_alternatives_for_which_nobody_waits_come_when_the_pen_rests(writing, clock):
    write(writing, {"config": {"alternatives": 1}}, {"strokes": [stroke()]}, {"reset": 1}, {"strokes": [stroke()]})
    assert [answer["type"] for answer in answers(writing)] == ["final", "partial"]
    assert writing.wait_s == pytest.approx(REST_S)
    wait(clock, REST_S)
    (found,) = answers(writing)
    assert (found["type"], found["segment"], len(found["alternatives"])) == ("alternatives", 0, 1)
    write(writing, {"eof": 1})  # nothing is left out at the end
    assert [(a["type"], a["segment"]) for a in answers(writing)] == [("final", 1), ("alternatives", 1)]
    assert writing.is_over


def test_whoever_asks_faster_than_is_answered_has_to_wait(writing):
    write(writing, *({"reset": 1} for _ in range(4)))
    assert writing.is_full
    answers(writing)
    assert not writing.is_full


def test_mistakes_change_nothing(writing):
    write(writing, {"strokes": [stroke()]})
    with pytest.raises(BadMessage, match="Expected ink as text"):
        writing.take(b"\0\0")
    for message in ({"clear": 1, "points": 5}, {"undo": 1, "stamp": "now"}, {"clear": 1, "alternatives": -1}):
        with pytest.raises(BadMessage):
            write(writing, message)
    assert [answer["partial"] for answer in answers(writing)] == ["a"]


def test_a_line_has_a_length(writing):
    write(writing, {"points": stroke(30)}, {"points": stroke(20), "pen_up": 1})
    with pytest.raises(LimitPassed, match='A line holds at most 50 points.*{"reset": 1}'):
        write(writing, {"points": stroke(1)})
    write(writing, {"clear": 1, "points": stroke(50)})


def test_a_real_model_reads_the_ink_as_if_it_had_come_at_once():
    transcriber, clock = ink_transcriber(), Clock()
    ink = scribble(120, num_strokes=4)
    ends = [i + 1 for i in range(len(ink)) if ink[i, 3]]
    strokes = [ink[a:b, :3].tolist() for a, b in zip([0, *ends], ends)]
    conversation = InkConversation(transcriber, transcriber, LiveLimits(), clock)
    for points in strokes:
        half = len(points) // 2
        write(conversation, {"points": points[:half]}, {"points": points[half:], "pen_up": 1})
        wait(clock)
        told = answers(conversation)
    expected = transcriber.transcribe([as_points(strokes)])[0].text
    assert expected and told[-1]["partial"] == expected
    write(conversation, {"eof": 1})
    assert answers(conversation)[-1]["text"] == expected


def test_phrases_are_read_as_hotwords_from_then_on_and_those_that_cannot_be_written_are_named():
    transcriber, clock = ink_transcriber(), Clock()
    writing = InkConversation(transcriber, transcriber, LiveLimits(), clock)
    strokes = [[[x, y, t] for x, y, t, _ in scribble(40).tolist()]]
    points = as_points(strokes)
    expected = transcriber.with_hotwords(["ch a"])[0].transcribe([points])[0].text
    write(writing, {"strokes": strokes})
    (plain,) = answers(writing)
    wait(clock)
    write(writing, {"config": {"phrase_list": ["ch a", "\u4f60"]}})  # the line that is being written is read again
    (answer,) = answers(writing)
    assert answer["partial"] == expected and answer["ignored_phrases"] == ["\u4f60"]
    write(writing, {"config": {"phrase_list": []}})
    write(writing, {"reset": 1})
    (final,) = answers(writing)
    assert final["text"] == plain["partial"] and "ignored_phrases" not in final
    with pytest.raises(BadMessage, match="phrase_list"):
        write(writing, {"config": {"phrase_list": ["a"] * 501}})


def test_a_language_model_is_read_with_from_then_on_until_another_is_named(letters):
    transcriber, clock = ink_transcriber(), Clock()
    named = LanguageModels(transcriber, decoders={"letters": letters})
    writing = InkConversation(transcriber, named.n_best(), LiveLimits(), clock, named)
    strokes = [[[x, y, t] for x, y, t, _ in scribble(40).tolist()]]
    points = as_points(strokes)
    plain, with_letters = (named.transcriber(name).transcribe([points])[0].text for name in ("", "letters"))
    assert plain != with_letters
    for name, expected in (("letters", with_letters), ("none", plain), ("letters", with_letters), ("", plain)):
        wait(clock)
        write(writing, {"config": {"language_model": name, "max_alternatives": 2}}, {"strokes": strokes}, {"reset": 1})
        final = answers(writing)[-1]
        assert final["text"] == final["alternatives"][0]["text"] == expected
    hot = named.transcriber("letters").with_hotwords(["ch a"])[0].transcribe([points])[0].text
    write(
        writing, {"config": {"language_model": "letters", "phrase_list": ["ch a"]}}, {"strokes": strokes}, {"reset": 1}
    )
    assert answers(writing)[-1]["text"] == hot


@pytest.mark.parametrize("name", ["latin", 3, ["letters"]])
def test_a_language_model_that_is_none_is_refused_and_changes_nothing(name):
    transcriber = ink_transcriber()
    named = LanguageModels(transcriber)
    writing = InkConversation(transcriber, transcriber, LiveLimits(), Clock(), named)
    with pytest.raises(BadMessage, match="Expected language_model: "):
        write(writing, {"config": {"language_model": name}})
    with pytest.raises(BadMessage, match="Expected no language_model"):
        write(InkConversation(transcriber, transcriber, LiveLimits()), {"config": {"language_model": "none"}})


def test_a_lexicon_is_the_only_words_that_are_read():
    transcriber, clock = ink_transcriber(), Clock()
    writing = InkConversation(transcriber, transcriber, LiveLimits(), clock)
    strokes = [[[x, y, t] for x, y, t, _ in scribble(40).tolist()]]
    write(writing, {"config": {"lexicon": ["cha", "\u4f60"]}}, {"strokes": strokes})
    (answer,) = answers(writing)
    expected = transcriber.with_lexicon(["cha"])[0].transcribe([as_points(strokes)])[0].text
    assert answer["partial"] == expected and set(expected.replace("\U0001d11e", " ").split()) <= {"cha"}
    assert answer["ignored_lexicon"] == ["\u4f60"] and "ignored_phrases" not in answer
