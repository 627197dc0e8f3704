"""A recording of any length is read in pieces: as its utterances alone, in the memory of a batch, in every format."""

import json
import tarfile
import tracemalloc
import types

import numpy as np
import pytest
import soundfile

from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio_files import read_audio
from seqapp.datasets.speech.long_waveform import LongWaveform
from seqapp.models.reading import SpeechReading
from seqapp.transcription.model import Model
from seqapp.transcription.recording.joining import joined
from seqapp.transcription.recording.pieces import pieces_of
from seqapp.transcription.recording.read_recording import read_parts, transcribe_any_length
from seqapp.transcription.transcripts import transcribe
from tests.small_speech import RATE_HZ, say
from tests.small_transcribers import local_transcriber, open_remote
from tests.transcription.test_matrix import NO_OPTIONS

TEXTS = ["ab cad", "dab bc", "acb d"]
PAUSE = np.zeros(2 * RATE_HZ, np.int16)


def talk(num_times):
    return np.concatenate([PAUSE, *(piece for text in TEXTS * num_times for piece in (say(text), PAUSE))])


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("talks") / "talk.flac"
    soundfile.write(path, talk(9), RATE_HZ)
    assert soundfile.info(path).duration > 60
    return path


@pytest.fixture(scope="module")
def whole(recording):
    (reading,) = transcribe_any_length(local_transcriber("speech"), [LongWaveform(recording)])
    return reading


def test_the_reading_has_a_column_for_each_character_and_times_of_the_whole(recording, whole):
    assert whole.text and len(whole.text) == len(whole.char_frames) == len(whole.char_start_s)
    assert len(whole.words) >= 27 and whole.words[0].start_s > 1.5
    assert list(whole.char_start_s) == sorted(whole.char_start_s) and whole.words[-1].end_s > 60


class Counting:
    """A transcriber that says how many samples it was given, and when."""

    alphabet = recipe = None
    sense = types.SimpleNamespace(config=types.SimpleNamespace(sample_rate_hz=RATE_HZ, max_seconds=60.0))

    def __init__(self):
        self.batches = []

    def transcribe(self, examples, batch_size=32):
        self.batches.append([len(raw) for raw in examples])
        return [SpeechReading("a", 0.5, (1,), (0.5,), char_start_s=(0.1,), char_end_s=(0.2,)) for _ in examples]


class Endless(LongWaveform):
    """Audio of any length that is made while it is asked for."""

    def blocks(self):
        for _ in range(60):
            yield talk(3)


def test_parts_tell_where_their_pieces_lie(recording):
    long = LongWaveform(recording)
    parts = list(read_parts(Counting(), long, "talk"))
    pieces = list(pieces_of(long.blocks(), RATE_HZ))
    assert [part.start_s for part in parts] == [piece.start / RATE_HZ for piece in pieces]
    assert [part.overlap_s for part in parts] == [piece.overlap / RATE_HZ for piece in pieces]
    assert len(parts) > 9


def test_memory_does_not_grow_with_the_length_and_text_comes_after_a_minute():
    transcriber = Counting()
    parts = read_parts(transcriber, Endless("x"), "x")
    assert next(parts).characters[0].text == "a" and len(transcriber.batches) <= 3
    tracemalloc.start()
    num_parts = sum(1 for _ in parts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert num_parts == 60 * 9 - 1 and peak < 20e6
    assert max(map(len, transcriber.batches)) <= 8 and max(map(sum, transcriber.batches)) <= 80 * RATE_HZ


@pytest.mark.parametrize("format", ["txt", "json", "trn", "srt", "vtt"])
@pytest.mark.parametrize("to_folder", [False, True])
def test_what_is_written_while_it_is_read_is_what_would_be_written_at_the_end(
    recording, whole, format, to_folder, tmp_path, capsys
):
    from seqapp.transcription.transcripts import transcript

    transcribe(local_transcriber("speech"), [recording], format, tmp_path / "out" if to_folder else None)
    expected = transcript("talk", whole, format)
    if to_folder:
        assert [path.name for path in (tmp_path / "out").iterdir()] == [f"talk.{format}"]
        assert (tmp_path / "out" / f"talk.{format}").read_text("utf-8") == expected
    else:
        assert capsys.readouterr().out == expected


def test_long_and_short_ones_keep_their_order_and_short_ones_their_texts(recording, tmp_path, capsys):
    soundfile.write(tmp_path / "a.wav", say("ab cad"), RATE_HZ)
    soundfile.write(tmp_path / "z.wav", say("dab"), RATE_HZ)
    transcriber = local_transcriber("speech")
    transcribe(transcriber, [tmp_path / "a.wav", recording, tmp_path / "z.wav"], "json")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == ["a", "talk", "z"]
    for line, text in ((lines[0], "ab cad"), (lines[2], "dab")):
        (alone,) = transcriber.transcribe([say(text)])
        assert (line["text"], line["confidence"]) == (alone.text, alone.confidence)


def test_what_is_damaged_in_the_middle_keeps_what_was_read_and_costs_nothing_else(recording, tmp_path, caplog):
    content = bytearray(recording.read_bytes())
    content[len(content) * 3 // 4 :] = bytes(len(content) - len(content) * 3 // 4)
    (tmp_path / "bad.flac").write_bytes(content)
    soundfile.write(tmp_path / "good.wav", say("ab"), RATE_HZ)
    transcriber, output = local_transcriber("speech"), tmp_path / "out"
    transcribe(transcriber, [tmp_path / "bad.flac", tmp_path / "good.wav"], "txt", output)
    assert sorted(path.name for path in output.iterdir()) == ["bad.txt.part", "good.txt"]
    assert "skipped bad: truncated or damaged" in caplog.text
    with pytest.raises(ValueError, match="truncated or damaged"):
        transcribe(transcriber, [tmp_path / "bad.flac"], "txt", tmp_path / "out2")


def test_one_in_an_archive_outlives_its_folder(recording, whole, tmp_path):
    with tarfile.open(tmp_path / "talks.tar", "w") as archive:
        archive.add(recording, "talks/talk.flac")
    (audio,) = list(read_audio(tmp_path / "talks.tar", Skipped(), 60.0, keeps_long=True))
    (reading,) = transcribe_any_length(local_transcriber("speech"), [audio.samples])
    assert reading.text == whole.text


def test_the_api_takes_files_and_arrays_of_any_length(recording, whole):
    model = Model(local_transcriber("speech"))
    assert [reading.text for reading in model.transcribe([recording])] == [whole.text]
    readings = model.transcribe([talk(9), say("ab cad")])
    assert readings[0].text == whole.text and readings[1].text == model.transcribe(say("ab cad"))[0].text
    with pytest.raises(ValueError, match="at most features.max_seconds = 60 at once. Received: a longer recording"):
        model.posteriors(recording)


def test_a_server_reads_the_pieces_too(recording, whole, monkeypatch):
    remote = open_remote("speech", monkeypatch, **NO_OPTIONS)
    reading = joined(list(read_parts(remote, LongWaveform(recording), "talk")))
    assert reading.text == whole.text


def test_nothing_found_is_told(tmp_path, caplog, capsys):
    soundfile.write(tmp_path / "quiet.flac", np.zeros(61 * RATE_HZ, np.int16), RATE_HZ)
    transcribe(local_transcriber("speech"), [tmp_path / "quiet.flac"], "srt")
    assert capsys.readouterr().out == "" and "nothing read in 1 of 1: quiet" in caplog.text
