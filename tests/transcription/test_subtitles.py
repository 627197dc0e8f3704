"""Subtitles in the two formats that players read."""

import json

import pytest

from seqapp.models import Reading, SpeechReading
from seqapp.models.reading import Word
from seqapp.transcription.subtitles import MAX_CHARACTERS, MAX_SECONDS, cues, to_srt, to_vtt
from seqapp.transcription.transcripts import FORMATS, transcript, write_transcripts

WORDS = (Word("five", 0.5, 0.9, 0.9), Word("<&>", 1.0, 1.2345, 0.8), Word("b", 3661.0, 3661.0005, 0.7))


def test_srt():
    assert to_srt(WORDS) == ("1\n00:00:00,500 --> 00:00:01,234\nfive <&>\n\n2\n01:01:01,000 --> 01:01:01,000\nb\n")
    assert to_srt(()) == ""


def test_vtt_escapes_what_would_be_markup():
    assert to_vtt(WORDS[:2]) == "WEBVTT\n\n00:00:00.500 --> 00:00:01.234\nfive &lt;&amp;&gt;\n"
    assert to_vtt(()) == "WEBVTT\n"


def test_cues_end_at_pauses_and_before_they_are_too_long():
    steady = [Word("word", 0.3 * i, 0.3 * i + 0.3, 1.0) for i in range(100)]
    found = list(cues(steady))
    assert [word for cue in found for word in cue] == steady
    assert all(cue[-1].end_s - cue[0].start_s <= MAX_SECONDS + 1e-9 for cue in found)
    assert all(len(" ".join(word.text for word in cue)) <= MAX_CHARACTERS for cue in found)
    assert [len(cue) for cue in cues([*steady[:3], Word("late", 2.0, 2.2, 1.0)])] == [3, 1]


def test_a_single_endless_word_is_a_cue_of_its_own():
    endless = Word("a" * 200, 0.0, 20.0, 1.0)
    assert list(cues([endless, endless])) == [[endless], [endless]]


HEARD = SpeechReading("five b", 0.5, (1,), (0.5,), words=WORDS[:1])


@pytest.mark.parametrize(
    "format, text",
    [
        ("txt", "u/1\tfive b\n"),
        ("trn", "five b (u/1)\n"),
        ("srt", "1\n00:00:00,500 --> 00:00:00,900\nfive\n"),
        ("vtt", "WEBVTT\n\n00:00:00.500 --> 00:00:00.900\nfive\n"),
    ],
)
def test_every_format_of_a_transcript(format, text, tmp_path):
    assert transcript("u/1", HEARD, format) == text
    write_transcripts([("u/1", HEARD)], format, tmp_path)
    assert (tmp_path / "u" / f"1.{format}").read_text() == text


def test_json_holds_words_with_times():
    (word,) = json.loads(transcript("u", HEARD, "json"))["words"]
    assert word == {"text": "five", "start_s": 0.5, "end_s": 0.9, "confidence": 0.9}
    assert set(FORMATS) == {"txt", "json", "trn", "srt", "vtt"}


def test_ink_has_no_subtitles():
    with pytest.raises(ValueError, match="--format vtt is for speech"):
        transcript("u", Reading("a", 1.0, (), ()), "vtt")
