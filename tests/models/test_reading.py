"""Characters become words with times and confidences."""

import numpy as np
import pytest

from seqapp.models.reading import InkReading, SpeechReading, StreamedReading, Word, words


def test_words_begin_with_their_first_character_and_end_with_their_last():
    found = words(list("ab  c"), [0.1, 0.3, 0.4, 0.5, 0.9], [0.3, 0.4, 0.5, 0.9, 1.0], [0.9, 0.4, 0.1, 0.1, 0.5])
    assert found == (Word("ab", 0.1, 0.4, pytest.approx(0.6)), Word("c", 0.9, 1.0, pytest.approx(0.5)))


@pytest.mark.parametrize("characters", [[], [" "], [" ", " "]])
def test_nothing_but_spaces_holds_no_word(characters):
    times = [0.0] * len(characters)
    assert words(characters, times, times, times) == ()


def test_a_word_of_a_character_that_is_impossible_has_confidence_0():
    assert words(["a"], [0.0], [1.0], [0.0])[0].confidence == pytest.approx(0.0, abs=1e-9)


OUTPUTS = {
    "text": np.array(["é a".encode(), b""], object), "confidence": np.float32([0.5, 0.0]),
    "num_characters": np.int32([3, 0]), "char_frames": np.int32([[1, 4, 6], [-1, -1, -1]]),
    "char_confidences": np.float32([[0.5, 1, 0.25], [-1, -1, -1]]),
}  # fmt: skip


def test_a_reading_of_speech_has_times():
    times = {"char_start_s": np.float32([[0.25, 0.5, 1], [-1, -1, -1]])}
    times["char_end_s"] = times["char_start_s"] + np.float32(0.25)
    characters = np.array([["é".encode(), b" ", b"a"], [b"", b"", b""]], object)
    heard, nothing = (SpeechReading.from_outputs({**OUTPUTS, **times, "characters": characters}, i) for i in (0, 1))
    assert (heard.text, heard.char_frames, heard.char_start_s) == ("é a", (1, 4, 6), (0.25, 0.5, 1.0))
    assert [(w.text, w.start_s, w.end_s) for w in heard.words] == [("é", 0.25, 0.5), ("a", 1.0, 1.25)]
    assert nothing == SpeechReading("", 0.0, (), ())


def test_a_reading_of_ink_has_points():
    lines = {"num_strokes": np.int32([2, 3]), "stroke_lines": np.int32([[0, 1, -1], [0, 0, 0]])}
    points = {"char_points": np.int32([[3, 9, 12], [-1, -1, -1]])}
    assert InkReading.from_outputs({**OUTPUTS, **points, **lines}, 0).stroke_lines == (0, 1)
    read = InkReading.from_outputs({**OUTPUTS, **points}, 0)
    assert read == InkReading("é a", 0.5, (1, 4, 6), (0.5, 1.0, 0.25), (3, 9, 12))


def test_a_silence_within_a_word_makes_two_of_it():
    starts, ends = [0.1, 0.3, 6.0, 6.2, 7.0], [0.3, 0.5, 6.2, 6.4, 7.2]
    found = words(list("aberc"), starts, ends, [0.9] * 5)
    assert [(word.text, word.start_s, word.end_s) for word in found] == [("ab", 0.1, 0.5), ("erc", 6.0, 7.2)]


def spoken(text, starts):
    symbols = [character.encode() for character in text]
    frames = [round(25 * second) for second in starts]
    return {
        "text": [text.encode()], "confidence": [0.7], "num_characters": [len(text)],
        "characters": np.array([symbols], object), "char_frames": np.int32([frames]),
        "char_confidences": np.float32([[0.5] * len(text)]), "char_start_s": np.float32([starts]),
        "char_end_s": np.float32([starts]) + np.float32(0.25),
    }  # fmt: skip


def test_such_a_silence_is_a_space_in_the_text_of_a_model_that_writes_spaces():
    outputs = spoken("abcd", [0.5, 1.0, 7.0, 7.5])
    assert SpeechReading.from_outputs(outputs, 0).text == "abcd"
    heard = SpeechReading.from_outputs(outputs, 0, has_spaces=True)
    assert heard.text == "ab cd" and heard.confidence == 0.7
    assert heard.char_frames == (12, 25, 26, 175, 188) and heard.char_confidences == (0.5, 0.5, 1.0, 0.5, 0.5)
    assert (heard.char_start_s[2], heard.char_end_s[2]) == (1.25, 7.0)
    assert [word.text for word in heard.words] == ["ab", "cd"]


def test_no_space_is_added_to_one_or_to_speech_without_a_silence():
    for text, starts in (("ab cd", [0.5, 1.0, 1.5, 7.0, 7.5]), ("abcd", [0.5, 1.0, 1.5, 2.0])):
        outputs = spoken(text, starts)
        assert SpeechReading.from_outputs(outputs, 0, has_spaces=True) == SpeechReading.from_outputs(outputs, 0)


def test_what_is_stable_of_a_stream_has_the_same_spaces():
    times = (0.5, 1.0, 7.0, 7.5)
    ends = tuple(second + 0.25 for second in times)
    reading = StreamedReading(
        "abcd", 0.7, (1, 2, 3, 4), (0.5,) * 4, char_start_s=times, char_end_s=ends, stable_text="abc"
    )
    spaced = reading.with_silences_as_spaces(list("abcd"))
    assert (spaced.text, spaced.stable_text) == ("ab cd", "ab c")
