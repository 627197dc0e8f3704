"""Characters become words with times and confidences."""

import numpy as np
import pytest

from seqapp.models.reading import InkReading, SpeechReading, Word, words


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
    read = InkReading.from_outputs({**OUTPUTS, "char_points": np.int32([[3, 9, 12], [-1, -1, -1]])}, 0)
    assert read == InkReading("é a", 0.5, (1, 4, 6), (0.5, 1.0, 0.25), (3, 9, 12))
