import numpy as np

from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.utterance import read_utterance
from tests.small_audio import hum16, write_audio


def test_an_utterance_is_a_part_of_a_file_with_its_text_on_one_line(tmp_path):
    path = write_audio(tmp_path / "a.flac", hum16(1.0))
    audio = read_utterance(path, "u", Skipped(), " two \t\n lines\u3000 ", "s/1", start_s=0.25, end_s=0.5)
    assert (audio.id, audio.text, audio.speaker_id, audio.sample_rate_hz) == ("u", "two lines", "s/1", 16_000)
    np.testing.assert_array_equal(audio.samples, hum16(1.0)[4_000:8_000])


def test_what_cannot_be_used_is_counted_by_kind(tmp_path):
    skipped = Skipped()
    path = write_audio(tmp_path / "a.wav", hum16(1.0))
    assert read_utterance(tmp_path / "none.wav", "u1", skipped) is None
    assert read_utterance(path, "u2", skipped, max_seconds=0.5) is None
    assert read_utterance(path, "u3", skipped, start_s=2.0) is None
    assert [id for id, _ in skipped.items] == ["u1", "u2", "u3"]
    assert set(skipped.counts()) == {"unreadable", "too long", "part beyond the end"}


def test_any_length_can_be_asked_for(tmp_path):
    assert read_utterance(write_audio(tmp_path / "a.wav"), "u", Skipped(), max_seconds=None) is not None
