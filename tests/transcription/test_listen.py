"""What changes is shown on the terminal, what stays is written."""

import argparse
import io
import json

import pytest

from seqapp.models.reading import StreamedReading, Word
from seqapp.transcription.listen import CLEAR_LINE, listen, live_readings, write_live
from seqapp.transcription.stream_options import add_live_options


def reading(text, is_final=False, start_s=0.0, end_s=1.0):
    words = (Word("ab", 0.5, 0.75, 0.5),) if text else ()
    return StreamedReading(
        text, 0.5, (3,), (0.5,), words=words, start_s=start_s, end_s=end_s, is_final=is_final, stable_text=text[:-1]
    )


READINGS = [
    reading(""), reading("a"), reading("a"), reading("ab"), reading("ab", True), reading("", start_s=1.0),
    reading("", True), reading("c", start_s=1.0, end_s=2.5), reading("c", True, 1.0, 2.5),
]  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self):
        return True


def written(format, terminal=None):
    out = io.StringIO()
    write_live(READINGS, format, out, terminal or io.StringIO())
    return out.getvalue()


def test_finals_that_hold_a_text_are_lines_of_start_end_and_text():
    assert written("txt") == "0.00\t1.00\tab\n1.00\t2.50\tc\n"


def test_subtitles_grow_with_every_utterance():
    cue = "{}00:00:00{}500 --> 00:00:00{}750\nab\n"
    assert written("srt") == cue.format("1\n", ",", ",") + "\n" + cue.format("2\n", ",", ",")
    assert written("vtt") == "WEBVTT\n\n" + cue.format("", ".", ".") + "\n" + cue.format("", ".", ".")


def test_json_tells_partial_texts_too_where_they_change():
    lines = [json.loads(line) for line in written("json").splitlines()]
    assert [(line["type"], line["text"]) for line in lines] == [
        ("partial", "a"), ("partial", "ab"), ("final", "ab"), ("partial", "c"), ("final", "c"),
    ]  # fmt: skip
    assert lines[1]["stable_text"] == "a" and lines[1]["char_frames"] == [3]
    assert lines[2]["words"] == [{"text": "ab", "start_s": 0.5, "end_s": 0.75, "confidence": 0.5}]


def test_a_terminal_shows_what_is_being_said_on_one_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "3")
    terminal, plain = Terminal(), io.StringIO()
    write_live([reading("a"), reading("abcd"), reading("abcd", True)], "txt", io.StringIO(), terminal)
    assert terminal.getvalue() == f"{CLEAR_LINE}a{CLEAR_LINE}cd{CLEAR_LINE}"
    write_live(READINGS, "txt", io.StringIO(), plain)
    assert plain.getvalue() == ""


def test_every_chunk_is_heard_and_then_the_end():
    class Stream:
        def push(self, chunk):
            return [f"heard {chunk}"]

        def finish(self):
            return ["end"]

    assert list(live_readings(Stream(), [1, 2])) == ["heard 1", "heard 2", "end"]


def options(*inputs, format="txt"):
    parser = argparse.ArgumentParser()
    add_live_options(parser)
    return argparse.Namespace(**vars(parser.parse_args([])), inputs=inputs, format=format)


def test_one_recording_in_a_format_that_can_grow():
    with pytest.raises(ValueError, match="hears one recording at a time. Received: 2"):
        listen(never, options("a.wav", "b.wav"))
    with pytest.raises(ValueError, match="writes txt, json, srt or vtt. Received: --format trn"):
        listen(never, options("a.wav", format="trn"))


def never():
    raise AssertionError("no model is opened for a mistake")
