"""Readings of pieces become one: nothing twice, nothing lost, and no word cut where two readings overlap."""

import dataclasses

import pytest

from seqapp.models.reading import SpeechReading
from seqapp.text import Alphabet
from seqapp.transcription.recording.joining import characters_of, joined, joined_at_overlap, part_of, words_of

STEP_S = 0.04


def reading(text, start_s=0.0, confidence=0.5, is_sure=True):
    """A character every 0.2 s."""
    starts = [start_s + 0.2 * place for place in range(len(text))]
    return SpeechReading(
        text, confidence, tuple(round(s / STEP_S) for s in starts), (0.9,) * len(text), is_sure=is_sure,
        char_start_s=tuple(starts), char_end_s=tuple(s + 0.1 for s in starts),
    )  # fmt: skip


def part(text, start_s=0.0, lead_s=0.0, **values):
    return part_of(reading(text, lead_s, **values), start_s, lead_s + 0.2 * len(text), None, 1 / STEP_S)


def test_parts_are_joined_by_spaces_with_times_and_frames_of_the_recording():
    whole = joined([part("ab", 1.0), part("", 5.0), part(" cd ", 10.0)])
    assert whole.text == "ab cd" and [word.text for word in whole.words] == ["ab", "cd"]
    assert [round(second, 3) for second in whole.char_start_s] == [1.0, 1.2, 1.3, 10.2, 10.4]
    assert [whole.char_frames[place] for place in (0, 1, 3, 4)] == [25, 30, 255, 260]
    assert len(whole.char_confidences) == len(whole.char_end_s) == len(whole.text)
    assert joined([part("ab", 1.0), part("cd", 10.0)], has_spaces=False).text == "abcd"


def test_without_a_known_rate_frames_are_told_by_the_reading():
    assert part_of(reading("abc"), 8.0, 1.0).characters[0].frame == 200
    assert part_of(reading("a"), 8.0, 1.0).characters[0].frame == 0


def test_the_confidence_is_a_mean_over_characters_and_one_doubt_is_a_doubt():
    whole = joined([part("abc", confidence=0.9), part("d", 3.0, confidence=0.1, is_sure=False)])
    assert whole.confidence == pytest.approx(0.7) and not whole.is_sure
    empty = joined([part("", lead_s=3.0, confidence=0.9), part("", lead_s=1.0, confidence=0.5)])
    assert empty.text == "" and empty.confidence == pytest.approx(0.8) and empty.is_sure
    nothing = joined([])
    assert (nothing.text, nothing.confidence, nothing.is_sure, nothing.words) == ("", 1.0, True, ())


def overlap(first, second, start_s, end_s):
    return joined(joined_at_overlap(first, second, start_s, end_s))


def test_an_overlap_is_divided_between_words_that_both_have():
    first = part("ab cd ef g")  # to 2.0 s
    second = dataclasses.replace(part("d ef gh ij", 0.8))  # the c is lost, the g is cut in the first
    whole = overlap(first, second, 0.8, 2.0)
    assert whole.text == "ab cd ef gh ij" and [word.text for word in whole.words] == ["ab", "cd", "ef", "gh", "ij"]


def test_where_readings_differ_each_is_taken_on_its_side():
    whole = overlap(part("ab cd xx x"), part("y ef gh ij", 0.8), 0.8, 2.0)
    assert whole.text in ("ab cd ef gh ij", "ab cd xx gh ij")


def test_a_word_as_long_as_the_overlap_goes_on():
    whole = overlap(part("abcdefghij"), part("efghijklmn", 0.8), 0.8, 2.0)
    assert whole.text == "abcdefghijklmn" and len(whole.words) == 1


def test_where_one_heard_nothing_the_other_counts():
    assert overlap(part("ab cd ef"), part("", 0.8), 0.8, 2.0).text in ("ab cd ef", "ab cd", "ab")
    assert overlap(part("", lead_s=2.0), part("cd ef", 0.8), 0.8, 2.0).text in ("cd ef", "ef")
    assert overlap(part("", lead_s=2.0), part("", 0.8), 0.8, 2.0).text == ""


def test_symbols_of_several_code_points_stay_together():
    alphabet = Alphabet((" ", "a", "e\u0301"))
    said = dataclasses.replace(reading("abc"), text="ae\u0301a")
    for known in (alphabet, None):
        assert [c.text for c in part_of(said, 0.0, 1.0, known).characters] == ["a", "e\u0301", "a"]


def test_words_come_as_soon_as_the_next_one_begins():
    heard = []

    def parts():
        for start_s in (0.0, 5.0, 10.0):
            heard.append(start_s)
            yield part("ab cd", start_s)

    words = words_of(characters_of(parts()))
    assert [next(words).text for _ in range(2)] == ["ab", "cd"] and heard == [0.0, 5.0]
    assert [word.start_s for word in words] == pytest.approx([5.0, 5.6, 10.0, 10.6])
