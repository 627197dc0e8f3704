"""Transcripts are written as they come, whole, and an interrupted run goes on where it stopped."""

import json
import types

import pytest

from seqapp.models.reading import InkReading
from seqapp.transcription import transcription_job, transcripts
from seqapp.transcription.transcripts import TranscriptWriter, transcribe
from tests.small_transcribers import local_transcriber, write_inputs

NO_TRANSCRIBER = types.SimpleNamespace(sense=types.SimpleNamespace(has_times=False, plural="inks"))


class Interrupted:
    """A transcriber that stops after some examples."""

    reads_notes = True

    def __init__(self, transcriber, num_examples):
        self._transcriber, self._rest, self.sense = transcriber, num_examples, transcriber.sense
        self.num_read, self.alphabet, self.recipe = 0, transcriber.alphabet, transcriber.recipe

    def transcribe(self, examples):
        if self._rest < len(examples):
            raise KeyboardInterrupt
        self._rest -= len(examples)
        self.num_read += len(examples)
        return self._transcriber.transcribe(examples)


@pytest.fixture
def one_at_once(monkeypatch):
    monkeypatch.setattr(transcription_job, "EXAMPLES_AT_ONCE", 1)


def test_what_was_read_is_there_when_a_run_is_interrupted_and_the_rest_is_resumed(one_at_once, tmp_path):
    paths, output = write_inputs("ink", tmp_path / "in"), tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        transcribe(Interrupted(local_transcriber("ink"), 1), paths, "txt", output)
    assert [path.name for path in output.iterdir()] == ["0.txt"]
    rest = Interrupted(local_transcriber("ink"), 9)
    transcribe(rest, paths, "txt", output, is_resumed=True)
    assert sorted(path.name for path in output.iterdir()) == ["0.txt", "1.txt"] and rest.num_read == 1
    transcribe(rest, paths, "txt", output)
    assert rest.num_read == 3


def test_lines_come_one_after_the_other(one_at_once, tmp_path, capsys):
    paths = write_inputs("speech", tmp_path / "in")
    with pytest.raises(KeyboardInterrupt):
        transcribe(Interrupted(local_transcriber("speech"), 1), paths, "txt")
    assert capsys.readouterr().out.startswith("0\t")


def test_a_note_is_as_many_lines_of_text_and_one_of_trn():
    note = InkReading("is it\nin", 0.5, tuple(range(8)), (0.5,) * 8, stroke_lines=(0, 1, 0))
    assert transcripts.transcript("a", note, "txt") == "a\tis it\na\tin\n"
    assert transcripts.transcript("a", note, "trn") == "is it in (a)\n"
    assert json.loads(transcripts.transcript("a", note, "json"))["stroke_lines"] == [0, 1, 0]


def test_subtitles_of_several_are_refused_before_anything_is_read(tmp_path):
    with pytest.raises(ValueError, match="one file per recording. Received: 2 recordings"):
        TranscriptWriter(["a", "b"], "srt")
    assert TranscriptWriter(["a", "b"], "srt", tmp_path).missing() == [0, 1]


@pytest.mark.parametrize("inputs", [["ink"], ["ink/a.json"], ["."]])
def test_an_output_folder_in_which_the_inputs_would_be_replaced_is_refused(tmp_path, inputs):
    (tmp_path / "ink").mkdir()
    (tmp_path / "ink" / "a.json").write_text("no ink, and never read")
    paths = [tmp_path / name for name in inputs]
    with pytest.raises(ValueError, match="Give --output another folder, apart from the inputs"):
        transcribe(NO_TRANSCRIBER, paths, "json", tmp_path / "ink")
    assert (tmp_path / "ink" / "a.json").read_text() == "no ink, and never read"


def test_the_text_beside_an_image_is_not_replaced_and_counts_as_no_transcript(tmp_path):
    (tmp_path / "x.txt").write_text("label")
    with pytest.raises(ValueError, match="x.txt: is there already, among the inputs"):
        transcribe(NO_TRANSCRIBER, [tmp_path / "x.png"], "txt", tmp_path, is_resumed=True)
    with pytest.raises(ValueError, match="x.txt: is there already, among the inputs"):
        TranscriptWriter(["x"], "txt", tmp_path, [tmp_path / "y.png"])
    assert TranscriptWriter(["x"], "txt", tmp_path, [tmp_path / "in" / "x.png"]).missing() == []
